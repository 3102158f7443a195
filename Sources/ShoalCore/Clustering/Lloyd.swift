/// Exact k-means iterations from given centroids: each point to its nearest, each centroid to its mean.
///
/// Hamerly, "Making k-means even faster", SDM 2010: an upper bound on the distance to a point's own centroid
/// and a lower bound on that to all others let most points skip the scan. Differs from the paper in two
/// ways: points are weighted, and a centroid without points moves to the point with the largest weighted
/// error, as in scikit-learn, so that k is kept while there are enough distinct points.
struct Lloyd {
    /// Like scikit-learn's `max_iter`; convergence is usually reached within 50.
    static let iterationsMax = 300

    let points: ScaledPoints
    let clusterCount: Int
    /// `[k × blocks]`, scaled.
    private(set) var centroids: [SIMD4<Float>]
    /// Cluster of each point: `[n]`.
    private(set) var members: [Int]
    /// Σ weight · d² to the nearest centroid; valid after `converge`.
    private(set) var inertia = Double.infinity

    private var upperBounds: [Float]
    private var lowerBounds: [Float]
    /// Distance of each point to its nearest centroid, and to the second nearest; valid after `converge`.
    var nearestDistances: [Float] { upperBounds }
    var secondDistances: [Float] { lowerBounds }
    private var halfGaps: [Float]
    private var moves: [Float]
    private var sums: [SIMD4<Double>]
    private var masses: [Double]

    /// - Precondition: `centroids` is `[k × blocks]` with k ≥ 1.
    init(points: ScaledPoints, centroids: [SIMD4<Float>]) {
        precondition(
            !centroids.isEmpty && centroids.count % points.blocks == 0, "Centroids come in whole rows.")
        self.points = points
        self.centroids = centroids
        clusterCount = centroids.count / points.blocks
        members = Array(repeating: 0, count: points.count)
        upperBounds = Array(repeating: 0, count: points.count)
        lowerBounds = Array(repeating: 0, count: points.count)
        halfGaps = Array(repeating: 0, count: clusterCount)
        moves = Array(repeating: 0, count: clusterCount)
        sums = Array(repeating: .zero, count: centroids.count)
        masses = Array(repeating: 0, count: clusterCount)
    }

    /// Iterates until no centroid moves, at most `iterationsMax` times.
    ///
    /// - Parameters:
    ///   - iterationsMax: As it says.
    ///   - refills: Whether a centroid without points moves to where the error is; else it stays.
    mutating func converge(iterationsMax: Int = Self.iterationsMax, refills: Bool = true) {
        assignAll()
        for _ in 0..<iterationsMax {
            sumMembers()
            guard moveCentroids(refills: refills) > 0 else { break }
            measureGaps()
            reassign()
        }
        assignAll()
    }

    /// Scans all centroids for every point, which also makes the bounds tight and the inertia exact.
    mutating func assignAll() {
        var total = 0.0
        for index in 0..<points.count {
            let nearest = nearestTwo(to: index)
            members[index] = nearest.cluster
            upperBounds[index] = nearest.first.squareRoot()
            lowerBounds[index] = nearest.second.squareRoot()
            total += points.weights[index] * Double(nearest.first)
        }
        inertia = total
    }

    /// The nearest centroid of a point, and d² to it and to the second nearest (infinite if k is 1).
    private func nearestTwo(to index: Int) -> (cluster: Int, first: Float, second: Float) {
        let rows = points.lanes.span
        let table = centroids.span
        var cluster = 0
        var first = Float.infinity
        var second = Float.infinity
        for candidate in 0..<clusterCount {
            let distance = ScaledPoints.squaredDistance(rows, index, table, candidate, blocks: points.blocks)
            if distance < first {
                second = first
                first = distance
                cluster = candidate
            } else if distance < second {
                second = distance
            }
        }
        return (cluster, first, second)
    }

    private mutating func sumMembers() {
        for index in sums.indices { sums[index] = .zero }
        for index in masses.indices { masses[index] = 0 }
        let blocks = points.blocks
        for index in 0..<points.count {
            let cluster = members[index]
            let weight = points.weights[index]
            masses[cluster] += weight
            for block in 0..<blocks {
                let lane = SIMD4<Double>(points.lanes[index &* blocks &+ block])
                sums[cluster &* blocks &+ block] += weight * lane
            }
        }
    }

    /// Moves every centroid to the mean of its members and returns the longest way any went.
    private mutating func moveCentroids(refills: Bool) -> Float {
        let blocks = points.blocks
        let before = centroids
        for cluster in 0..<clusterCount where masses[cluster] > 0 {
            for block in cluster * blocks..<(cluster + 1) * blocks {
                centroids[block] = SIMD4<Float>(sums[block] / masses[cluster])
            }
        }
        if refills, masses.contains(where: { $0 <= 0 }) { refillEmptyClusters() }
        var longest: Float = 0
        for cluster in 0..<clusterCount {
            let way = ScaledPoints.squaredDistance(
                before.span, cluster, centroids.span, cluster, blocks: blocks
            ).squareRoot()
            moves[cluster] = way
            longest = max(longest, way)
        }
        for index in 0..<points.count {
            upperBounds[index] += moves[members[index]]
            lowerBounds[index] -= longest
        }
        return longest
    }

    /// Puts centroids that lost all points where the weighted error is largest, each to another point.
    private mutating func refillEmptyClusters() {
        let blocks = points.blocks
        var errors = (0..<points.count).map { index in
            points.weights[index]
                * Double(
                    ScaledPoints.squaredDistance(
                        points.lanes.span, index, centroids.span, members[index], blocks: blocks))
        }
        for cluster in 0..<clusterCount where masses[cluster] <= 0 {
            guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }), errors[worst] > 0 else {
                return
            }
            errors[worst] = 0
            for block in 0..<blocks {
                centroids[cluster * blocks + block] = points.lanes[worst * blocks + block]
            }
        }
    }

    /// Half the distance from each centroid to its nearest other: within it, no other can be nearer.
    private mutating func measureGaps() {
        for cluster in 0..<clusterCount {
            var gap = Float.infinity
            for other in 0..<clusterCount where other != cluster {
                let distance = ScaledPoints.squaredDistance(
                    centroids.span, cluster, centroids.span, other, blocks: points.blocks)
                gap = min(gap, distance)
            }
            halfGaps[cluster] = gap.squareRoot() / 2
        }
    }

    private mutating func reassign() {
        for index in 0..<points.count {
            let cluster = members[index]
            let bound = max(halfGaps[cluster], lowerBounds[index])
            guard upperBounds[index] > bound else { continue }
            upperBounds[index] = ScaledPoints.squaredDistance(
                points.lanes.span, index, centroids.span, cluster, blocks: points.blocks
            ).squareRoot()
            guard upperBounds[index] > bound else { continue }
            let nearest = nearestTwo(to: index)
            members[index] = nearest.cluster
            upperBounds[index] = nearest.first.squareRoot()
            lowerBounds[index] = nearest.second.squareRoot()
        }
    }
}
