internal import Glibc

/// Finds the first centroids: greedy k-means++ and exact k-means, ten times over; the lowest inertia wins,
/// and swaps of single centroids lower it further.
///
/// Arthur & Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, section 2.2, with the
/// greedy variant of its section 5: each centroid is the best of 2 + ⌊ln k⌋ candidates drawn by weighted d².
/// Fewer distinct points than clusters give one cluster per distinct point.
package struct Seeding: Sendable {
    /// Centroids that were found, with what is known of their members.
    package struct Clusters: Sendable {
        /// `[k × d]`, row-major, in feature space; the largest cluster first.
        package var centroids: [Double]
        /// Weight of each cluster's members: `[k]`.
        package var masses: [Double]
        /// Cluster of each vector: `[n]`.
        package var members: [Int]
        /// Σ weight · d².
        package var inertia: Double

        package var count: Int { masses.count }
    }

    /// Seedings tried, as in scikit-learn's classic `n_init`.
    package static let restarts = 10
    /// Vectors on which k is chosen: a thousand in each half, and eleven values of k stay cheap.
    private static let choiceSampleMax = 2_000
    /// Vectors on which centroids are placed before they settle on all.
    private static let placingSampleMax = 2_000
    /// Times that outliers are set aside: one far group can hide another.
    private static let outlierRoundsMax = 3
    /// Iterations on all vectors after a sample's have converged; what is left to gain is far below 1 %.
    private static let settlingIterationsMax = 10

    private let vectors: [Double]
    private let dimension: Int
    private let origin: [Double]
    private let factors: [Double]
    private let points: ScaledPoints

    /// Readies vectors for clustering by `d²(x, c) = Σ factor · (x − c)²`.
    ///
    /// - Parameters:
    ///   - vectors: `[n × d]`, row-major, finite, n ≥ 1.
    ///   - weights: How many vectors each stands for: `[n]`, positive.
    ///   - origin: `[d]`, near the mean, so that distances lose nothing to rounding.
    ///   - factors: `[d]`, not negative; 0 leaves a feature out.
    package init(vectors: [Double], weights: [Double], origin: [Double], factors: [Double]) {
        precondition(!weights.isEmpty, "There is something to cluster.")
        self.vectors = vectors
        dimension = origin.count
        self.origin = origin
        self.factors = factors
        points = ScaledPoints(vectors: vectors, weights: weights, origin: origin, factors: factors)
    }

    /// Clusters the vectors into at most `clusterCount` groups.
    package func clusters(
        count clusterCount: Int, restarts: Int = Self.restarts, using generator: inout SeededGenerator
    ) -> Clusters {
        var swaps = CentroidSwaps(
            points: points, start: Self.best(of: restarts, on: points, count: clusterCount, using: &generator)
        )
        swaps.improve(using: &generator)
        return described(swaps.best)
    }

    /// Clusters the vectors as `clusters` does, but looks for the place on a sample and only settles on all,
    /// and gives no cluster to a few vectors.
    ///
    /// - Parameters:
    ///   - clusterCount: k.
    ///   - restarts: Seedings tried.
    ///   - shareMin: What part of the vectors a cluster has at least. Those of a smaller one are outliers,
    ///     which have no say in where the centroids are and belong to the nearest.
    ///   - replaces: Whether another cluster takes the place of one that is too small.
    ///   - generator: Draws.
    /// - Returns: At most `clusterCount` clusters, of all vectors.
    func clustersBySample(
        count clusterCount: Int, restarts: Int, shareMin: Double, replaces: Bool = true,
        using generator: inout SeededGenerator
    ) -> Clusters {
        var wanted = clusterCount
        var sample = points.selecting(drawnIndices(max: Self.placingSampleMax, using: &generator))
        let sizeMin = shareMin * Double(sample.count)
        var centroids: [SIMD4<Float>] = []
        for _ in 0...Self.outlierRoundsMax {
            var swaps = CentroidSwaps(
                points: sample,
                start: Self.best(of: restarts, on: sample, count: wanted, using: &generator))
            swaps.improve(using: &generator)
            centroids = swaps.best.centroids
            var sizes = [Double](repeating: 0, count: swaps.best.clusterCount)
            for member in swaps.best.members { sizes[member] += 1 }
            let kept = (0..<sample.count).filter { sizes[swaps.best.members[$0]] >= sizeMin }
            guard kept.count < sample.count, !kept.isEmpty else { break }
            if !replaces { wanted = sizes.count { $0 >= sizeMin } }
            sample = sample.selecting(kept)
        }
        return settled(fromScaled: centroids)
    }

    /// Parts the vectors into at most `clusterCount` groups without looking for the best of all partings.
    ///
    /// A single seeding on a sample, which settles on all: enough to see what lies where.
    func groups(count clusterCount: Int, using generator: inout SeededGenerator) -> Clusters {
        let sample = points.selecting(drawnIndices(max: Self.placingSampleMax, using: &generator))
        return settled(
            fromScaled: Self.best(of: 1, on: sample, count: clusterCount, using: &generator).centroids)
    }

    /// What centroids become that follow the vectors as they are; those that nobody is near are left out.
    ///
    /// - Parameter centroids: `[k × d]`, row-major, in feature space.
    /// - Returns: At most k clusters, of all vectors.
    func settled(from centroids: [Double]) -> Clusters {
        settled(fromScaled: ScaledPoints.packed(vectors: centroids, origin: origin, factors: factors))
    }

    private func settled(fromScaled centroids: [SIMD4<Float>]) -> Clusters {
        var run = Lloyd(points: points, centroids: centroids)
        run.converge(iterationsMax: Self.settlingIterationsMax, refills: false)
        return described(run)
    }

    /// The nearest of some centroids for each vector.
    ///
    /// - Parameter centroids: `[k × d]`, row-major, in feature space.
    /// - Returns: `[n]`.
    func members(of centroids: [Double]) -> [Int] {
        let packed = ScaledPoints.packed(vectors: centroids, origin: origin, factors: factors)
        let table = CentroidTable(packed, blocks: points.blocks)
        return (0..<points.count).map { table.nearest(toRow: $0, of: points.lanes.span).cluster }
    }

    /// Chooses k from 2 to `clusterCountMax` by stability on a sample.
    ///
    /// One distinct point gives 1.
    package func chosenClusterCount(
        max clusterCountMax: Int, current: Int? = nil, using generator: inout SeededGenerator
    ) -> Int {
        ClusterStability.choice(
            from: agreements(max: clusterCountMax, using: &generator), current: current)
    }

    /// How well halves of a sample predict each other's clusters, by k from 2 to `clusterCountMax`.
    func agreements(max clusterCountMax: Int, using generator: inout SeededGenerator) -> [Int: Double] {
        let sample = points.selecting(drawnIndices(max: Self.choiceSampleMax, using: &generator))
        return ClusterStability(points: sample).agreements(upTo: clusterCountMax, using: &generator)
    }

    /// Every point if there are at most `max`, else as many drawn without replacement, in order.
    private func drawnIndices(max limit: Int, using generator: inout SeededGenerator) -> [Int] {
        guard points.count > limit else { return Array(0..<points.count) }
        // Selection sampling: Knuth, TAOCP volume 2, section 3.4.2, algorithm S.
        var drawn: [Int] = []
        for index in 0..<points.count
        where generator.nextIndex(below: points.count - index) < limit - drawn.count {
            drawn.append(index)
        }
        return drawn
    }

    /// The best of several seedings, each converged.
    static func best(
        of restarts: Int, on points: ScaledPoints, count clusterCount: Int,
        using generator: inout SeededGenerator
    ) -> Lloyd {
        var best: Lloyd?
        for _ in 0..<max(1, restarts) {
            let seeds = plusPlus(points, count: max(1, clusterCount), using: &generator)
            var run = Lloyd(points: points, centroids: seeds)
            run.converge()
            if run.inertia < best?.inertia ?? .infinity || best == nil { best = run }
            // One centroid has one optimum, and one per distinct point cannot be improved.
            if clusterCount <= 1 || run.inertia == 0 { break }
        }
        return best ?? Lloyd(points: points, centroids: Array(points.lanes.prefix(points.blocks)))
    }

    /// Draws up to `clusterCount` distinct points as centroids: `[k × blocks]`.
    private static func plusPlus(
        _ points: ScaledPoints, count clusterCount: Int, using generator: inout SeededGenerator
    ) -> [SIMD4<Float>] {
        let blocks = points.blocks
        let candidateCount = 2 + Int(log(Double(clusterCount)))
        let first = drawnIndex(cumulated(points.count) { points.weights[$0] }, using: &generator)
        var distances = [Float](repeating: .infinity, count: points.count)
        var centroids = Array(points.lanes[first * blocks..<(first + 1) * blocks])
        shorten(&distances, towards: first, of: points)
        while centroids.count < clusterCount * blocks, distances.contains(where: { $0 > 0 }) {
            let next = bestCandidate(of: candidateCount, distances: distances, on: points, using: &generator)
            shorten(&distances, towards: next, of: points)
            centroids += points.lanes[next * blocks..<(next + 1) * blocks]
        }
        return centroids
    }

    /// Draws points by weighted d² and returns the one that would leave the least inertia.
    ///
    /// - Parameters:
    ///   - candidateCount: Points drawn.
    ///   - distances: d² of each point to its nearest centroid so far.
    ///   - points: All points.
    ///   - generator: Draws.
    /// - Returns: The index of a point.
    static func bestCandidate(
        of candidateCount: Int, distances: [Float], on points: ScaledPoints,
        using generator: inout SeededGenerator
    ) -> Int {
        let cumulative = cumulated(points.count) { points.weights[$0] * Double(distances[$0]) }
        var best = (index: 0, potential: Double.infinity)
        for _ in 0..<candidateCount {
            let candidate = drawnIndex(cumulative, using: &generator)
            let potential = potential(distances, towards: candidate, of: points)
            if potential < best.potential { best = (candidate, potential) }
        }
        return best.index
    }

    private static func cumulated(_ count: Int, _ weight: (Int) -> Double) -> [Double] {
        var total = 0.0
        return (0..<count).map { index in
            total += weight(index)
            return total
        }
    }

    /// Draws an index in proportion to the steps of a cumulative sum.
    private static func drawnIndex(_ cumulative: [Double], using generator: inout SeededGenerator) -> Int {
        let target = generator.nextUnit() * (cumulative.last ?? 0)
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// What inertia would be left if `candidate` became a centroid.
    private static func potential(
        _ distances: [Float], towards candidate: Int, of points: ScaledPoints
    ) -> Double {
        let rows = points.lanes.span
        var total = 0.0
        for index in 0..<points.count {
            let distance = ScaledPoints.squaredDistance(rows, index, rows, candidate, blocks: points.blocks)
            total += points.weights[index] * Double(min(distances[index], distance))
        }
        return total
    }

    private static func shorten(_ distances: inout [Float], towards centroid: Int, of points: ScaledPoints) {
        let rows = points.lanes.span
        for index in 0..<points.count {
            let distance = ScaledPoints.squaredDistance(rows, index, rows, centroid, blocks: points.blocks)
            distances[index] = min(distances[index], distance)
        }
    }

    /// Centroids as means of the vectors themselves, the largest cluster first, empty ones left out.
    private func described(_ run: Lloyd) -> Clusters {
        let found = run.centroids.count / points.blocks
        var masses = [Double](repeating: 0, count: found)
        for index in 0..<points.count { masses[run.members[index]] += points.weights[index] }
        let order = (0..<found).filter { masses[$0] > 0 }
            .sorted { masses[$0] != masses[$1] ? masses[$0] > masses[$1] : $0 < $1 }
        var rank = [Int](repeating: 0, count: found)
        for (position, cluster) in order.enumerated() { rank[cluster] = position }
        var centroids = [Double](repeating: 0, count: order.count * dimension)
        for index in 0..<points.count {
            let cluster = run.members[index]
            let share = points.weights[index] / masses[cluster]
            for axis in 0..<dimension {
                centroids[rank[cluster] * dimension + axis] += share * vectors[index * dimension + axis]
            }
        }
        return Clusters(
            centroids: centroids, masses: order.map { masses[$0] }, members: run.members.map { rank[$0] },
            inertia: run.inertia)
    }
}
