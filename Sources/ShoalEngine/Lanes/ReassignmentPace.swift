/// How many customers a lane looks at between two batches after a structural change.
///
/// Any of them may move, and what that writes must not keep what events write waiting: told at once, the
/// moves of fifty thousand customers occupy a broker and its readers for 0.2 s. A lane takes two seconds for
/// so many, and never much longer than ten.
struct ReassignmentPace {
    private static let perMillisecondMin = 25
    private static let millisecondsMax = 10_000
    /// Customers at once: so many that the broker gets some large requests and not many small ones, so few
    /// that events wait for a millisecond or two.
    private static let lotSizes = 250...1_024

    /// When a lot was given out last; `nil` where nobody is left.
    private var givenAt: Int64?

    /// Gives out the next lot.
    ///
    /// - Parameters:
    ///   - now: milliseconds of a monotonic clock.
    ///   - customerCount: the lane's.
    /// - Returns: how many customers may be looked at now, mostly none.
    mutating func nextLot(now: Int64, customerCount: Int) -> Int {
        let perMillisecond = max(Self.perMillisecondMin, customerCount / Self.millisecondsMax)
        let due = givenAt.map { Int(now - $0) * perMillisecond } ?? Self.lotSizes.lowerBound
        guard due >= Self.lotSizes.lowerBound else { return 0 }
        givenAt = now
        return min(due, Self.lotSizes.upperBound)
    }

    /// Notes that nobody is left.
    mutating func rest() { givenAt = nil }
}
