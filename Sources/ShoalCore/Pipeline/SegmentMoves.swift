/// How many customers went from each segment to each other, by the segments' identities; 0 is no segment.
///
/// Only pairs between which anybody moved take room, and counting one that is known allocates nothing.
package struct SegmentMoves: Equatable, Sendable {
    /// Enough for all pairs of ten segments.
    private static let roomAtFirst = 128

    /// From and to in one number each, ascending.
    private var pairs: [UInt64] = []
    /// Of the pair at the same place.
    private var counts: [Int] = []

    package init() {}

    package var isEmpty: Bool { pairs.isEmpty }

    /// Counts a move.
    ///
    /// - Complexity: O(log pairs); O(pairs) for one that is new.
    mutating func count(from: UInt32, to: UInt32) { add(1, to: Self.pair(from, to)) }

    /// How many went from one to the other.
    package subscript(from: Int, to: Int) -> Int {
        let pair = Self.pair(UInt32(from), UInt32(to))
        let place = place(of: pair)
        return place < pairs.count && pairs[place] == pair ? counts[place] : 0
    }

    /// Every pair between which anybody moved, in order.
    package func forEach(_ body: (_ from: Int, _ to: Int, _ count: Int) -> Void) {
        for index in pairs.indices {
            body(
                Int(pairs[index] >> 32), Int(UInt32(truncatingIfNeeded: pairs[index])), counts[index])
        }
    }

    package static func + (left: SegmentMoves, right: SegmentMoves) -> SegmentMoves {
        var sum = left
        for index in right.pairs.indices { sum.add(right.counts[index], to: right.pairs[index]) }
        return sum
    }

    /// What has been counted since; pairs between which nobody has moved are left out.
    package static func - (left: SegmentMoves, right: SegmentMoves) -> SegmentMoves {
        var all = left
        for index in right.pairs.indices { all.add(-right.counts[index], to: right.pairs[index]) }
        var difference = SegmentMoves()
        for index in all.pairs.indices where all.counts[index] != 0 {
            difference.pairs.append(all.pairs[index])
            difference.counts.append(all.counts[index])
        }
        return difference
    }

    private static func pair(_ from: UInt32, _ to: UInt32) -> UInt64 { UInt64(from) << 32 | UInt64(to) }

    /// Where a pair is, or would be.
    private func place(of pair: UInt64) -> Int {
        var (low, high) = (0, pairs.count)
        while low < high {
            let middle = (low + high) / 2
            if pairs[middle] < pair { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func add(_ count: Int, to pair: UInt64) {
        let place = place(of: pair)
        if place < pairs.count, pairs[place] == pair {
            counts[place] += count
        } else {
            if pairs.isEmpty {
                pairs.reserveCapacity(Self.roomAtFirst)
                counts.reserveCapacity(Self.roomAtFirst)
            }
            pairs.insert(pair, at: place)
            counts.insert(count, at: place)
        }
    }
}
