/// Whether the lag grows without bound: it has grown over each of the last six spans of ten seconds, and is
/// more than ten seconds of work.
///
/// Pure: the time is an argument. A lag that is large and falls is a start, not a fault.
struct LagWatch: Sendable {
    private static let spanMilliseconds: Int64 = 10_000
    private static let growthsMax = 6
    private static let secondsMax = 10.0
    /// Less than this is no lag worth a word.
    private static let recordsMin: Int64 = 10_000

    private var lastAt: Int64?
    private var lastLag: Int64 = 0
    private var growths = 0
    private(set) var isUnbounded = false

    /// Takes a reading.
    ///
    /// - Parameters:
    ///   - lag: records that are still to be processed.
    ///   - rate: records processed per second.
    ///   - now: milliseconds of a monotonic clock.
    mutating func add(lag: Int64, rate: Double, now: Int64) {
        guard let before = lastAt else {
            (lastAt, lastLag) = (now, lag)
            return
        }
        guard now - before >= Self.spanMilliseconds else { return }
        growths = lag > lastLag ? growths + 1 : 0
        (lastAt, lastLag) = (now, lag)
        isUnbounded =
            growths >= Self.growthsMax && lag >= Self.recordsMin && Double(lag) > rate * Self.secondsMax
    }
}
