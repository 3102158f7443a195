internal import Glibc

/// Tells which groups of a reservoir's vectors are of the past only, and which are new.
///
/// A reservoir holds what was and what is. After an abrupt change the old place of a moved segment would look
/// like a segment of its own for as long as its vectors are remembered, and a segment that has just appeared
/// like a part of its neighbour.
struct ReservoirAges {
    /// The part of the vectors that counts as the oldest, and as the newest.
    private static let part = 0.25
    /// A group that has less than a quarter of the vectors it should have in a part is not there, if chance
    /// does that to one group in two thousand at most (Poisson: none of 8, or at most 2 of 13).
    private static let presenceMin = 0.25
    private static let chanceMax = 1.0 / 2_000
    /// Customers come and go with the hour, so less than a day says nothing.
    private static let spanMin: Int64 = 86_400_000

    /// Of the reservoir: `[n]`.
    private let isOldest: [Bool]
    private let isNewest: [Bool]

    /// - Parameters:
    ///   - times: Stream time of each vector: `[n]`.
    ///   - drawn: Times of vectors that stand for the decayed stream. Its parts are theirs, but everything
    ///     that is held is counted in them: a small group needs all of its evidence.
    init(times: [Int64], drawn: [Int64]) {
        let sorted = drawn.sorted()
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

    /// Whether the newest vectors are of so long a time that a group may be known to be gone.
    var canTellGone: Bool { isNewest.contains(true) }

    /// What part of the newest vectors each group has: `[groups]`; of all vectors where none are known to be
    /// newest.
    func newestShares(members: [Int], count: Int) -> [Double] {
        var present = [Double](repeating: 0, count: count)
        for (row, group) in members.enumerated() where isNewest[row] || !canTellGone { present[group] += 1 }
        let total = max(1, present.reduce(0, +))
        return present.map { $0 / total }
    }

    /// Finds groups that hardly any of the newest vectors is in.
    ///
    /// - Parameters:
    ///   - members: Group of each vector of the reservoir: `[n]`.
    ///   - count: Groups.
    ///   - shareMin: One that has this part of the newest vectors has shrunk, but is there.
    /// - Returns: `[groups]`.
    func gone(members: [Int], count: Int, shareMin: Double) -> [Bool] {
        absent(from: isNewest, members: members, count: count, shareMin: shareMin)
    }

    /// Groups that hardly any of the oldest vectors is in: `[groups]`.
    func new(members: [Int], count: Int, shareMin: Double) -> [Bool] {
        absent(from: isOldest, members: members, count: count, shareMin: shareMin)
    }

    /// Groups that are far less in a part than in the rest, which says how many of them should be there.
    private func absent(
        from part: [Bool], members: [Int], count: Int, shareMin: Double
    ) -> [Bool] {
        var rest = [Double](repeating: 0, count: count)
        var present = rest
        for (row, group) in members.enumerated() {
            if part[row] { present[group] += 1 } else { rest[group] += 1 }
        }
        let partSize = present.reduce(0, +)
        let restSize = rest.reduce(0, +)
        return (0..<count).map { group in
            let expected = partSize * rest[group] / max(1, restSize)
            return present[group] < Self.presenceMin * expected
                && present[group] < shareMin * partSize
                && Self.chance(ofAtMost: present[group], expected: expected) <= Self.chanceMax
        }
    }

    /// Of Poisson's distribution.
    private static func chance(ofAtMost count: Double, expected: Double) -> Double {
        var term = exp(-expected)
        var total = term
        for number in stride(from: 1, through: count, by: 1) {
            term *= expected / number
            total += term
        }
        return total
    }
}
