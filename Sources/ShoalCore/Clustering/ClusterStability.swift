/// Says whether k clusters are in the data, or whether another half of the customers would give other ones.
///
/// Tibshirani & Walther, "Cluster validation by prediction strength", JCGS 14(3), 2005: halves are clustered
/// apart, and the clusters of one predict those of the other. Differs in the measure, as their minimum over
/// clusters punishes a small one for being small: agreement is the adjusted Rand index (Hubert & Arabie,
/// "Comparing partitions", 1985, equation 5), excellent from 0.9 on (Steinley, "Properties of the
/// Hubert–Arabie adjusted Rand index", Psychological Methods 9(3), 2004). Halves may also agree on where to
/// cut one long cluster in two, so clusters must be apart besides.
struct ClusterStability {
    /// From here on agreement is excellent, and two clusters are better than none.
    private static let excellent = 0.9
    /// Where nothing is excellent there are no clear clusters, and two segments would tell nobody anything.
    private static let vagueCountMin = 3
    /// Agreements that differ by less are equal: so much they vary from one draw of halves to the next where
    /// clusters are clear (W1, three mixtures, eight reviews each).
    static let tolerance = 0.05
    /// Clusters less apart than this are parts of one, where any are further apart: two halves of a flat
    /// distribution are 2√3 = 3.46 apart, those of a normal one 2.65, and only beyond is there a gap.
    private static let separationMin = 3.46
    /// Pairs of halves; each gives two predictions.
    private static let repetitions = 4
    /// Seedings per half; greedy k-means++ rarely needs more on a thousand points.
    private static let restarts = 3

    private let points: ScaledPoints

    init(points: ScaledPoints) { self.points = points }

    /// How well halves predict each other's clusters, for each k from 2 on while there are enough points.
    ///
    /// Left out is a k whose clusters are not apart, unless they never are.
    func agreements(upTo clusterCountMax: Int, using generator: inout SeededGenerator) -> [Int: Double] {
        var found: [Int: (agreement: Double, separation: Double)] = [:]
        var clusterCount = 2
        while clusterCount <= clusterCountMax {
            guard let measured = measured(count: clusterCount, using: &generator) else { break }
            found[clusterCount] = measured
            clusterCount += 1
        }
        let apart = found.filter { $0.value.separation >= Self.separationMin }
        return (apart.isEmpty ? found : apart).mapValues(\.agreement)
    }

    /// The largest k that is agreed on as well as any.
    ///
    /// One cluster more than there are splits one at random, and one less joins two at random, unless some
    /// are much further apart than others. So of those that halves agree on the finest is wanted.
    ///
    /// - Parameters:
    ///   - agreements: By k.
    ///   - current: k of the segments in force, if there are any. They are joined only if halves agree much
    ///     less on them, by three tolerances, so that a segment does not come and go.
    /// - Returns: 1 if there is no candidate.
    static func choice(from agreements: [Int: Double], current: Int? = nil) -> Int {
        let isClear = agreements.values.contains { $0 >= excellent }
        let candidates = agreements.filter { isClear || $0.key >= vagueCountMin || agreements.count == 1 }
        guard let best = candidates.values.max(),
            let finest = candidates.filter({ $0.value >= best - tolerance }).keys.max()
        else { return 1 }
        guard let current, let kept = agreements[current] else { return finest }
        return kept < best - 3 * tolerance ? finest : max(current, finest)
    }

    /// The mean agreement of halves on k clusters, and the median of how far apart these are.
    ///
    /// - Returns: `nil` if a half has fewer distinct points than clusters are asked for.
    private func measured(
        count: Int, using generator: inout SeededGenerator
    ) -> (agreement: Double, separation: Double)? {
        var total = 0.0
        var separations: [Double] = []
        for _ in 0..<Self.repetitions {
            let (left, right) = halves(using: &generator)
            guard left.count >= count, right.count >= count else { return nil }
            let leftRun = Seeding.best(of: Self.restarts, on: left, count: count, using: &generator)
            let rightRun = Seeding.best(of: Self.restarts, on: right, count: count, using: &generator)
            guard leftRun.clusterCount == count, rightRun.clusterCount == count else { return nil }
            total += Self.agreement(of: leftRun, on: right, with: rightRun)
            total += Self.agreement(of: rightRun, on: left, with: leftRun)
            separations += [leftRun.separation(), rightRun.separation()]
        }
        let median = separations.sorted()[separations.count / 2]
        return (total / Double(2 * Self.repetitions), median)
    }

    private func halves(using generator: inout SeededGenerator) -> (ScaledPoints, ScaledPoints) {
        var order = Array(0..<points.count)
        for index in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(index, generator.nextIndex(below: index + 1))
        }
        let middle = order.count / 2
        return (points.selecting(Array(order[..<middle])), points.selecting(Array(order[middle...])))
    }

    /// Adjusted Rand index between the clusters of a run and those that another one's centroids predict.
    private static func agreement(of other: Lloyd, on points: ScaledPoints, with run: Lloyd) -> Double {
        let predicted = (0..<points.count).map { index in
            var best = (cluster: 0, distance: Float.infinity)
            for cluster in 0..<other.clusterCount {
                let distance = ScaledPoints.squaredDistance(
                    points.lanes.span, index, other.centroids.span, cluster, blocks: points.blocks)
                if distance < best.distance { best = (cluster, distance) }
            }
            return best.cluster
        }
        return adjustedRandIndex(predicted, run.members, clusterCount: run.clusterCount)
    }

    /// 1 for equal partitions, 0 on average for unrelated ones.
    static func adjustedRandIndex(_ left: [Int], _ right: [Int], clusterCount: Int) -> Double {
        func pairs(_ count: Double) -> Double { count * (count - 1) / 2 }
        var together = [Double](repeating: 0, count: clusterCount * clusterCount)
        var leftCounts = [Double](repeating: 0, count: clusterCount)
        var rightCounts = [Double](repeating: 0, count: clusterCount)
        for (first, second) in zip(left, right) {
            together[first * clusterCount + second] += 1
            leftCounts[first] += 1
            rightCounts[second] += 1
        }
        let agreed = together.reduce(0) { $0 + pairs($1) }
        let leftPairs = leftCounts.reduce(0) { $0 + pairs($1) }
        let rightPairs = rightCounts.reduce(0) { $0 + pairs($1) }
        let expected = leftPairs * rightPairs / max(1, pairs(Double(left.count)))
        let largest = (leftPairs + rightPairs) / 2
        return largest == expected ? 1 : (agreed - expected) / (largest - expected)
    }
}
