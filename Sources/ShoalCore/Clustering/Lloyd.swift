/// Exact k-means iterations from given centroids: each point to its nearest, each centroid to its mean.
///
/// Hamerly, "Making k-means even faster", SDM 2010: an upper bound on the distance to a point's own centroid
/// and a lower bound on that to all others let most points skip the scan, and sums follow only those that
/// change sides. Differs from the paper in two ways: points are weighted, and a centroid without points moves
/// to the point with the largest weighted error, as in scikit-learn, so that k is kept while there are enough
/// distinct points.
struct Lloyd {
    /// What is known of a point's distances without measuring them again.
    struct Bounds {
        /// The distance to its own centroid, or more; exact after `converge`.
        var upper: Float = 0
        /// The distance to the nearest other centroid, or less; exact after `measureAll`.
        var lower: Float = 0
    }

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

    /// What is known of each point's distances: `[n]`.
    private(set) var bounds: [Bounds]
    /// Room for the indices of points that are not safe within their bounds: `[n]`.
    private var doubtful: [Int]
    private var halfGaps: [Float]
    private var moves: [Float]
    /// Σ weight · point, Σ weight and count of each cluster's members.
    private var sums: [SIMD4<Double>]
    private var masses: [Double]
    private var counts: [Int]

    /// - Precondition: `centroids` is `[k × blocks]` with k ≥ 1.
    init(points: ScaledPoints, centroids: [SIMD4<Float>]) {
        precondition(
            !centroids.isEmpty && centroids.count % points.blocks == 0, "Centroids come in whole rows.")
        self.points = points
        self.centroids = centroids
        clusterCount = centroids.count / points.blocks
        members = Array(repeating: 0, count: points.count)
        bounds = Array(repeating: Bounds(), count: points.count)
        doubtful = Array(repeating: 0, count: points.count)
        halfGaps = Array(repeating: 0, count: clusterCount)
        moves = Array(repeating: 0, count: clusterCount)
        sums = Array(repeating: .zero, count: centroids.count)
        masses = Array(repeating: 0, count: clusterCount)
        counts = Array(repeating: 0, count: clusterCount)
        let table = CentroidTable(centroids, blocks: points.blocks)
        for index in 0..<points.count {
            let nearest = table.nearest(toRow: index, of: points.lanes.span)
            members[index] = nearest.cluster
            bounds[index] = Bounds(nearest)
            add(index, to: nearest.cluster)
        }
    }

    /// Iterates until no centroid moves, at most `iterationsMax` times.
    ///
    /// - Parameters:
    ///   - iterationsMax: As it says.
    ///   - refills: Whether a centroid without points moves to where the error is; else it stays.
    mutating func converge(iterationsMax: Int = Self.iterationsMax, refills: Bool = true) {
        for _ in 0..<iterationsMax {
            guard moveCentroids(refills: refills) else { break }
            measureGaps()
            reassign()
        }
        measureNearest()
    }

    /// Moves a centroid onto a point; `converge` goes on from there.
    ///
    /// Only the centroid's own points are scanned for another one. To all others it was not the nearest, so
    /// they stay, or go to where it is now.
    ///
    /// - Precondition: `converge` has been called.
    mutating func move(_ cluster: Int, onto place: Int) {
        let blocks = points.blocks
        for block in 0..<blocks {
            centroids[cluster * blocks + block] = points.lanes[place * blocks + block]
        }
        let table = CentroidTable(centroids, blocks: blocks)
        for index in 0..<points.count {
            if members[index] == cluster {
                scan(index, table)
                continue
            }
            let distance = ScaledPoints.squaredDistance(
                points.lanes.span, index, points.lanes.span, place, blocks: blocks
            ).squareRoot()
            if distance < bounds[index].upper {
                bounds[index] = Bounds(upper: distance, lower: bounds[index].upper)
                give(index, to: cluster)
            } else {
                bounds[index].lower = min(bounds[index].lower, distance)
            }
        }
    }

    /// Scans all centroids for every point, which makes both bounds exact.
    mutating func measureAll() {
        let table = CentroidTable(centroids, blocks: points.blocks)
        for index in 0..<points.count { scan(index, table) }
    }

    /// Makes the upper bounds and the inertia exact.
    private mutating func measureNearest() {
        var total = 0.0
        for index in 0..<points.count {
            let distance = ScaledPoints.squaredDistance(
                points.lanes.span, index, centroids.span, members[index], blocks: points.blocks)
            bounds[index].upper = distance.squareRoot()
            total += points.weights[index] * Double(distance)
        }
        inertia = total
    }

    /// Scans all centroids for a point.
    @inline(__always)
    private mutating func scan(_ index: Int, _ table: CentroidTable) {
        let nearest = table.nearest(toRow: index, of: points.lanes.span)
        bounds[index] = Bounds(nearest)
        if nearest.cluster != members[index] { give(index, to: nearest.cluster) }
    }

    private mutating func give(_ index: Int, to cluster: Int) {
        let old = members[index]
        let blocks = points.blocks
        let weight = points.weights[index]
        masses[old] -= weight
        counts[old] -= 1
        for block in 0..<blocks {
            sums[old &* blocks &+ block] -= weight * SIMD4<Double>(points.lanes[index &* blocks &+ block])
        }
        // What rounding has left of a cluster without members is nothing.
        if counts[old] == 0 {
            masses[old] = 0
            for block in 0..<blocks { sums[old &* blocks &+ block] = .zero }
        }
        members[index] = cluster
        add(index, to: cluster)
    }

    private mutating func add(_ index: Int, to cluster: Int) {
        let blocks = points.blocks
        let weight = points.weights[index]
        masses[cluster] += weight
        counts[cluster] += 1
        for block in 0..<blocks {
            sums[cluster &* blocks &+ block] += weight * SIMD4<Double>(points.lanes[index &* blocks &+ block])
        }
    }

    /// Moves every centroid to the mean of its members and tells whether any went anywhere.
    private mutating func moveCentroids(refills: Bool) -> Bool {
        let blocks = points.blocks
        let before = centroids
        for cluster in 0..<clusterCount where counts[cluster] > 0 {
            for block in cluster * blocks..<(cluster + 1) * blocks {
                centroids[block] = SIMD4<Float>(sums[block] / masses[cluster])
            }
        }
        if refills, counts.contains(0) { refillEmptyClusters() }
        for cluster in 0..<clusterCount {
            moves[cluster] = ScaledPoints.squaredDistance(
                before.span, cluster, centroids.span, cluster, blocks: blocks
            ).squareRoot()
        }
        return moves.contains { $0 > 0 }
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
        for cluster in 0..<clusterCount where counts[cluster] == 0 {
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

    /// Gives each point that another centroid may be nearer to now to the nearest.
    private mutating func reassign() {
        // Taken out of the struct for as long as they change, so that they are not copied.
        var known: [Bounds] = []
        swap(&known, &bounds)
        var doubtful: [Int] = []
        swap(&doubtful, &self.doubtful)
        let count = tighten(&known, &doubtful, widen(&known, &doubtful))
        swap(&known, &bounds)
        let table = CentroidTable(centroids, blocks: points.blocks)
        for place in 0..<count { scan(doubtful[place], table) }
        swap(&doubtful, &self.doubtful)
    }

    /// Widens the bounds by how far the centroids went.
    ///
    /// Chooses without a branch, which no processor could foretell; so does `tighten`.
    ///
    /// - Returns: How many points are not safe within them, the first of `doubtful`.
    private func widen(_ known: inout [Bounds], _ doubtful: inout [Int]) -> Int {
        let longest = moves.max() ?? 0
        let (clusters, gaps, ways) = (members.span, halfGaps.span, moves.span)
        var bounds = known.mutableSpan
        var chosen = doubtful.mutableSpan
        var count = 0
        for index in clusters.indices {
            let cluster = clusters[index]
            let upper = bounds[index].upper + ways[cluster]
            let lower = bounds[index].lower - longest
            bounds[index] = Bounds(upper: upper, lower: lower)
            chosen[count] = index
            count &+= Self.exceeds(upper, gaps[cluster], lower)
        }
        return count
    }

    /// 1 if a number is larger than both others, else 0, by its difference's sign.
    @inline(__always)
    private static func exceeds(_ upper: Float, _ gap: Float, _ lower: Float) -> Int {
        Int(truncatingIfNeeded: ((gap > lower ? gap : lower) - upper).bitPattern &>> 31)
    }

    /// Makes the upper bounds of the first of `doubtful` exact.
    ///
    /// - Returns: How many of them are not safe even so, the first of `doubtful` now.
    private func tighten(_ known: inout [Bounds], _ doubtful: inout [Int], _ candidates: Int) -> Int {
        let blocks = points.blocks
        let (rows, table) = (points.lanes.span, centroids.span)
        let (clusters, gaps) = (members.span, halfGaps.span)
        var bounds = known.mutableSpan
        var chosen = doubtful.mutableSpan
        var count = 0
        for place in 0..<candidates {
            let index = chosen[place]
            let cluster = clusters[index]
            let upper = ScaledPoints.squaredDistance(rows, index, table, cluster, blocks: blocks).squareRoot()
            bounds[index].upper = upper
            chosen[count] = index
            count &+= Self.exceeds(upper, gaps[cluster], bounds[index].lower)
        }
        return count
    }
}

extension Lloyd.Bounds {
    /// Exact ones.
    init(_ nearest: CentroidTable.Nearest) {
        self.init(upper: nearest.first.squareRoot(), lower: nearest.second.squareRoot())
    }
}
