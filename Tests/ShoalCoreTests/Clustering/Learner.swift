import ShoalTestSupport

@testable import ShoalCore

/// Whatever learns clusters from vectors, so that what must hold of all is written once.
enum Learner: CaseIterable {
    /// Exact iterations from the best of ten seedings.
    case lloyd
    case seeding
    /// Three passes of the learning rule over small batches.
    case miniBatch
    case table
    /// Summaries into a trainer, twice each: before the first model, and after.
    case trainer
    /// The same with `k: auto`.
    case choosingTrainer

    struct Result: Equatable {
        /// `[k][d]`, without clusters that nobody is in.
        var centroids: [[Double]]
        /// Part of the vectors in each: `[k]`.
        var shares: [Double]
        /// Whatever else it tells: inertia, or the numbers of a model.
        var others: [Double]
    }

    /// Unit roundoff of the centroids that it gives.
    var roundoff: Double { self == .lloyd ? Double(Float.ulpOfOne) : .ulpOfOne }

    private static let batchSize = 32

    /// Learns `k` clusters, or at most `k`, from `[n][d]`.
    func learned(from points: [[Float]], k: Int, seed: UInt64 = 42) throws -> Result {
        let exact = points.map { $0.map(Double.init) }
        var generator = SeededGenerator(seed: seed)
        switch self {
        case .lloyd:
            let run = Seeding.best(
                of: Seeding.restarts, on: Self.scaled(exact), count: k, using: &generator)
            return Self.described(run, origin: ReferenceKMeans.mean(exact))
        case .seeding:
            let clusters = Self.seeding(exact).clusters(count: k, using: &generator)
            return Self.result(clusters.centroids, clusters.masses, others: [clusters.inertia])
        case .miniBatch:
            let seeds = Self.seeding(exact).clusters(count: k, restarts: 1, using: &generator)
            return Self.passed(exact, from: seeds.centroids)
        case .table:
            var settings = TableClustering.Settings(clusterCount: k)
            settings.seed = seed
            settings.passes = 3
            settings.batchSize = Self.batchSize
            let table = TableClustering(
                exact.flatMap { $0 }, featureCount: exact[0].count, settings: settings)
            let members = table.sizes.indices.map { own in
                exact.indices.filter { table.labels[$0] == own }.map { exact[$0] }
            }
            return Self.result(
                members.filter { !$0.isEmpty }.flatMap { ReferenceKMeans.mean($0) },
                table.sizes.filter { $0 > 0 }.map(Double.init), others: [table.inertia])
        case .trainer: return try Self.trained(points, k: .fixed(k), max: k, seed: seed)
        case .choosingTrainer: return try Self.trained(points, k: .automatic, max: k, seed: seed)
        }
    }

    private static func seeding(_ points: [[Double]]) -> Seeding {
        Seeding(
            vectors: points.flatMap { $0 }, weights: points.map { _ in 1 },
            origin: ReferenceKMeans.mean(points), factors: points[0].map { _ in 1 })
    }

    private static func scaled(_ points: [[Double]]) -> ScaledPoints {
        ScaledPoints(
            vectors: points.flatMap { $0 }, weights: points.map { _ in 1 },
            origin: ReferenceKMeans.mean(points), factors: points[0].map { _ in 1 })
    }

    private static func described(_ run: Lloyd, origin: [Double]) -> Result {
        let blocks = run.centroids.count / run.clusterCount
        let lanes = run.centroids
        let used = (0..<run.clusterCount).filter { run.members.contains($0) }
        let centroids = used.flatMap { cluster in
            origin.indices.map { origin[$0] + Double(lanes[cluster * blocks + $0 / 4][$0 % 4]) }
        }
        let sizes = used.map { cluster in Double(run.members.count { $0 == cluster }) }
        return result(centroids, sizes, others: [run.inertia])
    }

    private static func passed(_ points: [[Double]], from seeds: [Double]) -> Result {
        let d = points[0].count
        let k = seeds.count / d
        var clustering = MiniBatchKMeans(
            centroids: seeds, masses: Array(repeating: 0, count: k), featureCount: d)
        for _ in 0..<3 {
            for start in stride(from: 0, to: points.count, by: batchSize) {
                let rows = (0..<k).map { Array(clustering.centroids[$0 * d..<($0 + 1) * d]) }
                var sums = [Double](repeating: 0, count: k * d)
                var counts = [Double](repeating: 0, count: k)
                for point in points[start..<min(points.count, start + batchSize)] {
                    let cluster = ReferenceKMeans.nearest(point, rows)
                    counts[cluster] += 1
                    for axis in 0..<d { sums[cluster * d + axis] += point[axis] }
                }
                for cluster in 0..<k {
                    clustering.absorb(into: cluster, count: counts[cluster], sums: sums, row: cluster)
                }
            }
        }
        return result(clustering.centroids, clustering.masses, others: [])
    }

    private static func trained(
        _ points: [[Float]], k: ModelSettings.ClusterCount, max clusterCountMax: Int, seed: UInt64
    ) throws -> Result {
        var settings = ModelSettings()
        settings.clusterCount = k
        settings.clusterCountMax = clusterCountMax
        settings.warmup = points.count
        settings.reservoirSize = 2 * points.count
        settings.seed = seed
        var trainer = Trainer(
            features: StreamOfShoppers.features(points[0].count), planHash: 7, settings: settings)
        for _ in 0..<2 {
            for start in stride(from: 0, to: points.count, by: batchSize) {
                let batch = Array(points[start..<min(points.count, start + batchSize)])
                _ = trainer.absorb(StreamOfShoppers.summary(of: batch, model: trainer.model, time: 0))
            }
        }
        guard let model = trainer.model else { throw Missing.model }
        return result(model.centroids, model.masses, others: model.numbers)
    }

    enum Missing: Error { case model }

    private static func result(_ centroids: [Double], _ masses: [Double], others: [Double]) -> Result {
        let d = centroids.count / masses.count
        let total = masses.reduce(0, +)
        return Result(
            centroids: masses.indices.map { Array(centroids[$0 * d..<($0 + 1) * d]) },
            shares: masses.map { $0 / total }, others: others)
    }
}

extension SegmentModel {
    /// Every number of it that is learned.
    var numbers: [Double] {
        centroids + masses + scales + means + priors + segments.map(\.share)
            + segments.map(\.outlierSquaredDistance)
    }
}
