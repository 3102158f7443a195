/// How well two groupings of the same things agree, beyond what chance would bring.
///
/// Hubert & Arabie, "Comparing partitions", Journal of Classification 2 (1985), equation 5: 1 for the same
/// grouping under whatever names, about 0 for unrelated ones, negative for less agreement than by chance.
package enum AdjustedRandIndex {
    /// - Parameters:
    ///   - first: the label of each thing under one grouping.
    ///   - second: the same things, in the same order, under the other.
    /// - Returns: 1 where the index is undefined, that is if both groupings are one group or both all
    /// singles.
    /// - Complexity: O(n) time, memory for each pair of labels that occurs.
    package static func between<First: Hashable, Second: Hashable>(
        _ first: [First], _ second: [Second]
    ) -> Double {
        precondition(first.count == second.count, "Both groupings must label the same things.")
        var both: [Pair<First, Second>: Int] = [:]
        var rows: [First: Int] = [:]
        var columns: [Second: Int] = [:]
        for (one, other) in zip(first, second) {
            both[Pair(first: one, second: other), default: 0] += 1
            rows[one, default: 0] += 1
            columns[other, default: 0] += 1
        }
        let together = Double(pairs(both.values))
        let inRows = Double(pairs(rows.values))
        let inColumns = Double(pairs(columns.values))
        let all = Double(pairs([first.count]))
        guard all > 0 else { return 1 }
        let expected = inRows * inColumns / all
        let maximum = (inRows + inColumns) / 2
        guard maximum != expected else { return 1 }
        return (together - expected) / (maximum - expected)
    }

    private struct Pair<First: Hashable, Second: Hashable>: Hashable {
        var first: First
        var second: Second
    }

    /// Σ n·(n−1)/2 in integers, so that the order of a hash table cannot show.
    private static func pairs(_ counts: some Sequence<Int>) -> Int {
        counts.reduce(0) { sum, count in sum + count * (count - 1) / 2 }
    }
}
