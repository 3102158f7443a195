/// Says how well points sit in their clusters, to compare values of k on the same points.
///
/// Rousseeuw, "Silhouettes", J. Comput. Appl. Math. 20, 1987: (b − a) / max(a, b), where a is a point's mean
/// distance to its own cluster and b that to the nearest other; 0 in a cluster of its own. Differs in one
/// way: of more than `sampleMax` points only as many are judged, against one another.
struct Silhouette: Sendable {
    /// Points judged; the standard error of the mean is then about 0.01, and all pairs take 0.5 MB.
    static let sampleMax = 512

    /// Judged points, as indices into all.
    private let indices: [Int]
    /// Distances between judged points: `[n × n]`.
    private let distances: [Float]

    init(points: ScaledPoints) {
        let count = min(points.count, Self.sampleMax)
        indices = (0..<count).map { $0 * points.count / count }
        var distances = [Float](repeating: 0, count: count * count)
        for (row, left) in indices.enumerated() {
            for (column, right) in indices[..<row].enumerated() {
                let distance = ScaledPoints.squaredDistance(
                    points.lanes.span, left, points.lanes.span, right, blocks: points.blocks
                ).squareRoot()
                distances[row * count + column] = distance
                distances[column * count + row] = distance
            }
        }
        self.distances = distances
    }

    /// The silhouette of each judged point.
    ///
    /// - Parameters:
    ///   - members: Cluster of each of all points.
    ///   - clusterCount: k; members are below it.
    /// - Returns: −1…1 each, in the order of the judged points.
    func values(members: [Int], clusterCount: Int) -> [Double] {
        let clusters = indices.map { members[$0] }
        var sizes = [Int](repeating: 0, count: clusterCount)
        for cluster in clusters { sizes[cluster] += 1 }
        var sums = [Double](repeating: 0, count: clusterCount)
        return clusters.indices.map { row in
            for cluster in sums.indices { sums[cluster] = 0 }
            for column in clusters.indices {
                sums[clusters[column]] += Double(distances[row * clusters.count + column])
            }
            let own = clusters[row]
            guard sizes[own] > 1 else { return 0 }
            let inside = sums[own] / Double(sizes[own] - 1)
            var outside = Double.infinity
            for cluster in sums.indices where cluster != own && sizes[cluster] > 0 {
                outside = min(outside, sums[cluster] / Double(sizes[cluster]))
            }
            let larger = max(inside, outside)
            return larger > 0 && outside.isFinite ? (outside - inside) / larger : 0
        }
    }

    /// The smallest k whose mean is within one standard error of the best one's, paired by point.
    ///
    /// - Parameter candidates: k and the silhouettes of the same points, by growing k.
    /// - Returns: `nil` if there is no candidate.
    static func smallestNearBest(_ candidates: [(count: Int, values: [Double])]) -> Int? {
        let means = candidates.map { $0.values.reduce(0, +) / Double(max(1, $0.values.count)) }
        guard let best = means.indices.max(by: { means[$0] < means[$1] }) else { return nil }
        for index in candidates.indices {
            let gap = means[best] - means[index]
            let count = Double(max(1, candidates[index].values.count))
            var squares = 0.0
            for (high, low) in zip(candidates[best].values, candidates[index].values) {
                squares += (high - low - gap) * (high - low - gap)
            }
            let standardError = (squares / max(1, count - 1) / count).squareRoot()
            if gap <= standardError { return candidates[index].count }
        }
        return candidates[best].count
    }
}
