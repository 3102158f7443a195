/// Clusters a whole table with the engine's own parts: seeding on a sample, then mini-batch passes.
///
/// The sample of a large table is a lightweight coreset: Bachem, Lucic, Krause, "Scalable k-means clustering
/// via lightweight coresets", KDD 2018, algorithm 1. Half of a row's chance is even and half goes by its
/// squared distance from the mean, so that far rows, which an even sample misses, get the centroids they
/// deserve. Centroids then move by the learning rule of `MiniBatchKMeans`. A later pass forgets all but one
/// table's worth of the earlier ones, so that ten passes come close to convergence.
package struct TableClustering: Sendable {
    package struct Settings: Sendable {
        package var clusterCount: Int
        package var passes = 1
        package var batchSize = 1_024
        package var seed: UInt64 = 42
        /// Whether columns are divided by their σ first.
        package var isScaled = false
        /// Rows seeded from, if the table has more: the loss from sampling is about k·d over this.
        package var sampleMax = 20_000

        package init(clusterCount: Int) { self.clusterCount = clusterCount }
    }

    /// Rows per cluster that a sample holds at least.
    private static let sampleRowsPerCluster = 256

    /// Cluster of each row: `[n]`.
    package private(set) var labels: [Int]
    /// Rows of each cluster; fewer clusters than asked for if there are fewer distinct rows.
    package private(set) var sizes: [Int]
    /// Σ d² to the nearest centroid, in columns as clustered.
    package private(set) var inertia = 0.0

    private let vectors: [Double]
    private let dimension: Int
    private let settings: Settings
    /// Mean and factor of each column: `[d]`.
    private let origin: [Double]
    private let factors: [Double]
    private let points: ScaledPoints

    /// Clusters the rows of a table.
    ///
    /// - Parameters:
    ///   - vectors: `[n × d]`, row-major, finite, n ≥ 1.
    ///   - featureCount: d ≥ 1.
    ///   - settings: Counts are at least 1.
    package init(_ vectors: [Double], featureCount: Int, settings: Settings) {
        precondition(featureCount > 0 && !vectors.isEmpty && vectors.count.isMultiple(of: featureCount))
        precondition(settings.clusterCount > 0 && settings.batchSize > 0 && settings.passes >= 0)
        self.vectors = vectors
        self.settings = settings
        dimension = featureCount
        let count = vectors.count / featureCount
        let (means, scales) = Self.moments(of: vectors, featureCount: featureCount)
        origin = means
        // Without scaling all columns share one factor: labels do not change, and `Float` cannot overflow.
        let largest = scales.reduce(0, max)
        let unit = largest > 0 ? largest : 1
        factors = scales.map { scale in
            settings.isScaled
                ? (scale < SegmentModel.constantScale ? 0 : 1 / (scale * scale)) : 1 / (unit * unit)
        }
        points = ScaledPoints(
            vectors: vectors, weights: Array(repeating: 1, count: count), origin: means, factors: factors)
        labels = Array(repeating: 0, count: count)
        sizes = []
        var generator = SeededGenerator(seed: settings.seed)
        var clustering = seeded(using: &generator)
        for pass in 0..<settings.passes { absorbTable(into: &clustering, pass: pass) }
        assign(rows: 0..<count, to: packed(clustering.centroids))
        sizes = Array(repeating: 0, count: clustering.clusterCount)
        for label in labels { sizes[label] += 1 }
        inertia = totalError(clustering.centroids, unit: settings.isScaled ? 1 : unit * unit)
    }

    private static func moments(
        of vectors: [Double], featureCount d: Int
    ) -> (means: [Double], scales: [Double]) {
        let count = vectors.count / d
        var means = [Double](repeating: 0, count: d)
        var squares = [Double](repeating: 0, count: d)
        for row in 0..<count {
            let share = 1 / Double(row + 1)
            for axis in 0..<d {
                // Welford's recurrence; sums of large values could overflow.
                let difference = vectors[row * d + axis] - means[axis]
                means[axis] += share * difference
                squares[axis] += difference * (vectors[row * d + axis] - means[axis])
            }
        }
        return (means, squares.map { (max(0, $0) / Double(count)).squareRoot() })
    }

    private func seeded(using generator: inout SeededGenerator) -> MiniBatchKMeans {
        let limit = max(settings.sampleMax, Self.sampleRowsPerCluster * settings.clusterCount)
        let rows: [Int]
        let weights: [Double]
        if points.count <= limit {
            rows = Array(0..<points.count)
            weights = points.weights
        } else {
            (rows, weights) = coreset(of: limit, using: &generator)
        }
        let sample = rows.flatMap { vectors[$0 * dimension..<($0 + 1) * dimension] }
        let clusters = Seeding(vectors: sample, weights: weights, origin: origin, factors: factors)
            .clusters(count: settings.clusterCount, using: &generator)
        // A seed knows no more than the rows of the sample it was made of.
        let known = Double(rows.count) / weights.reduce(0, +)
        return MiniBatchKMeans(
            centroids: clusters.centroids, masses: clusters.masses.map { $0 * known }, featureCount: dimension
        )
    }

    private func coreset(of size: Int, using generator: inout SeededGenerator) -> ([Int], [Double]) {
        // The origin is the mean, so a row's squared distance from it is its squared length.
        let lengths = (0..<points.count).map { row in
            points.lanes[row * points.blocks..<(row + 1) * points.blocks]
                .reduce(0.0) { $0 + Double(($1 * $1).sum()) }
        }
        let total = lengths.reduce(0, +)
        let even = 1 / Double(points.count)
        let chances = lengths.map { total > 0 ? 0.5 * even + 0.5 * $0 / total : even }
        var drawn: [Int] = []
        drawn.reserveCapacity(size)
        // Systematic draws: one even offset, then equal steps along the cumulated chances.
        let offset = generator.nextUnit()
        var cumulated = 0.0
        for (row, chance) in chances.enumerated() {
            cumulated += chance * Double(size)
            while drawn.count < size, Double(drawn.count) + offset < cumulated { drawn.append(row) }
        }
        return (drawn, drawn.map { 1 / (Double(size) * chances[$0]) })
    }

    private mutating func absorbTable(into clustering: inout MiniBatchKMeans, pass: Int) {
        let count = points.count
        if pass > 0 {
            let mass = clustering.masses.reduce(0, +)
            clustering.forget(Double(count) / mass)
        }
        var sums = [Double](repeating: 0, count: clustering.centroids.count)
        var counts = [Int](repeating: 0, count: clustering.clusterCount)
        var start = 0
        while start < count {
            let batch = start..<min(count, start + settings.batchSize)
            assign(rows: batch, to: packed(clustering.centroids))
            for index in sums.indices { sums[index] = 0 }
            for index in counts.indices { counts[index] = 0 }
            for row in batch {
                counts[labels[row]] += 1
                for axis in 0..<dimension {
                    sums[labels[row] * dimension + axis] += vectors[row * dimension + axis]
                }
            }
            for cluster in counts.indices {
                clustering.absorb(into: cluster, count: Double(counts[cluster]), sums: sums, row: cluster)
            }
            start = batch.upperBound
        }
    }

    private func packed(_ centroids: [Double]) -> [SIMD4<Float>] {
        ScaledPoints.packed(vectors: centroids, origin: origin, factors: factors)
    }

    private mutating func assign(rows: Range<Int>, to centroids: [SIMD4<Float>]) {
        let clusterCount = centroids.count / points.blocks
        for row in rows {
            var best = Float.infinity
            for cluster in 0..<clusterCount {
                let distance = ScaledPoints.squaredDistance(
                    points.lanes.span, row, centroids.span, cluster, blocks: points.blocks)
                if distance < best {
                    best = distance
                    labels[row] = cluster
                }
            }
        }
    }

    /// Σ d² in full precision.
    private func totalError(_ centroids: [Double], unit: Double) -> Double {
        var total = 0.0
        for row in labels.indices {
            for axis in 0..<dimension {
                let difference = vectors[row * dimension + axis] - centroids[labels[row] * dimension + axis]
                total += factors[axis] * difference * difference
            }
        }
        return total * unit
    }
}
