/// Counts where one model puts what another puts elsewhere; tallies of parts merge in any order.
package struct ShadowTally: Equatable, Sendable {
    /// By identity in the live model, then in the candidate; 0 is no segment.
    package private(set) var counts: [Int: [Int: Int]] = [:]

    package init() {}

    package mutating func add(live: Int, candidate: Int, count: Int = 1) {
        counts[live, default: [:]][candidate, default: 0] += count
    }

    package subscript(live: Int, candidate: Int) -> Int { counts[live]?[candidate] ?? 0 }

    package var total: Int { counts.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    package static func + (left: ShadowTally, right: ShadowTally) -> ShadowTally {
        var sum = left
        for (live, row) in right.counts {
            for (candidate, count) in row { sum.add(live: live, candidate: candidate, count: count) }
        }
        return sum
    }

    /// The candidate's segment that each live one became: its own identity among kin, otherwise the pairs
    /// with most in common, each segment once.
    ///
    /// - Complexity: O(p log p) for p pairs that occur.
    func counterparts(live: SegmentModel, candidate: SegmentModel) -> [Int: Int] {
        if live.isKin(of: candidate) {
            let ids = Set(candidate.segments.map(\.id))
            return Dictionary(
                uniqueKeysWithValues: live.segments.map(\.id).filter(ids.contains).map { ($0, $0) })
        }
        var pairs: [(live: Int, candidate: Int, count: Int)] = []
        for left in live.segments {
            for right in candidate.segments where self[left.id, right.id] > 0 {
                pairs.append((left.id, right.id, self[left.id, right.id]))
            }
        }
        pairs.sort { ($1.count, $0.live, $0.candidate) < ($0.count, $1.live, $1.candidate) }
        var counterparts: [Int: Int] = [:]
        var taken: Set<Int> = []
        for pair in pairs where counterparts[pair.live] == nil && !taken.contains(pair.candidate) {
            counterparts[pair.live] = pair.candidate
            taken.insert(pair.candidate)
        }
        return counterparts
    }
}
