/// Tells which groups of a reservoir's vectors are of the past only, and which are new.
///
/// A reservoir holds what was and what is. After an abrupt change the old place of a moved segment would look
/// like a segment of its own for as long as its vectors are remembered, and a segment that has just appeared
/// like a part of its neighbour.
struct ReservoirAges {
    /// The part of the vectors that counts as the oldest, and as the newest.
    private static let part = 0.25
    /// A group that should have so many vectors in a part, but has less than a quarter of it, is not there:
    /// chance does that to one group in two thousand (Poisson, at most 2 of 12).
    private static let expectedMin = 12.0
    private static let presenceMin = 0.25
    /// Customers come and go with the hour, so less than a day says nothing.
    private static let spanMin: Int64 = 86_400_000

    private let isOldest: [Bool]
    private let isNewest: [Bool]

    /// - Parameter times: Stream time of each vector: `[n]`.
    init(times: [Int64]) {
        let sorted = times.sorted()
        let cut = Int(Double(sorted.count) * Self.part)
        guard let first = sorted.first, let last = sorted.last, cut > 0 else {
            isOldest = times.map { _ in false }
            isNewest = isOldest
            return
        }
        let oldestEnd = sorted[cut]
        let newestStart = sorted[sorted.count - 1 - cut]
        isOldest = times.map { $0 < oldestEnd && oldestEnd - first >= Self.spanMin }
        isNewest = times.map { $0 > newestStart && last - newestStart >= Self.spanMin }
    }

    /// Groups that hardly any of the newest vectors is in: `[groups]`.
    func gone(members: [Int], count: Int) -> [Bool] { absent(isNewest, members: members, count: count) }

    /// Groups that hardly any of the oldest vectors is in: `[groups]`.
    func new(members: [Int], count: Int) -> [Bool] { absent(isOldest, members: members, count: count) }

    private func absent(_ part: [Bool], members: [Int], count: Int) -> [Bool] {
        var sizes = [Double](repeating: 0, count: count)
        var present = sizes
        for (row, group) in members.enumerated() {
            sizes[group] += 1
            if part[row] { present[group] += 1 }
        }
        let share = present.reduce(0, +) / max(1, Double(members.count))
        return (0..<count).map { group in
            let expected = share * sizes[group]
            return expected >= Self.expectedMin && present[group] < Self.presenceMin * expected
        }
    }
}
