import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct SeedingTests {
    private static let centres = [[0.0, 0, 5], [8, 0, 0], [0, 8, 0], [8, 8, 8]]

    private func points(_ count: Int, seed: UInt64, spread: Double = 1) -> [[Double]] {
        var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
        return (0..<count).map { _ in
            let group = stream.generator.nextIndex(below: 4)
            return Self.centres[group].map { $0 + spread * stream.noise() }
        }
    }

    private func seeding(_ points: [[Double]], factors: [Double]? = nil) -> Seeding {
        let d = points[0].count
        return Seeding(
            vectors: points.flatMap { $0 }, weights: Array(repeating: 1, count: points.count),
            origin: ReferenceKMeans.mean(points), factors: factors ?? Array(repeating: 1, count: d))
    }

    private func rows(_ clusters: Seeding.Clusters, d: Int) -> [[Double]] {
        (0..<clusters.count).map { Array(clusters.centroids[$0 * d..<($0 + 1) * d]) }
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `Lloyd's iterations end where the textbook's do`(seed: UInt64) {
        let points = points(300, seed: seed, spread: 3)
        let start = Array(points.prefix(5))
        let scaled = ScaledPoints(
            vectors: points.flatMap { $0 }, weights: Array(repeating: 1, count: 300), origin: [0, 0, 0],
            factors: [1, 1, 1])
        var lloyd = Lloyd(points: scaled, centroids: Array(scaled.lanes.prefix(5)))
        lloyd.converge()
        let expected = ReferenceKMeans.lloyd(points, from: start)
        #expect(lloyd.members == points.map { ReferenceKMeans.nearest($0, expected) }, "seed \(seed)")
        let inertia = ReferenceKMeans.inertia(points, expected)
        #expect(abs(lloyd.inertia - inertia) < 1e-4 * inertia, "seed \(seed)")
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `seeding is no worse than the textbook's iterations from many random starts`(seed: UInt64) {
        let points = points(200, seed: seed, spread: 4)
        var generator = SeededGenerator(seed: seed)
        let clusters = seeding(points).clusters(count: 6, using: &generator)
        let found = ReferenceKMeans.inertia(points, rows(clusters, d: 3))
        var best = Double.infinity
        for _ in 0..<20 {
            let start = (0..<6).map { _ in points[generator.nextIndex(below: points.count)] }
            best = min(best, ReferenceKMeans.inertia(points, ReferenceKMeans.lloyd(points, from: start)))
        }
        #expect(found <= best * 1.01, "seed \(seed)")
        #expect(abs(clusters.inertia - found) < 1e-3 * found, "seed \(seed)")
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `well-parted groups are found, the largest first, and k with them`(seed: UInt64) {
        let points = points(400, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let seeding = seeding(points)
        #expect(seeding.chosenClusterCount(max: 9, using: &generator) == 4, "seed \(seed)")
        let clusters = seeding.clusters(count: 4, using: &generator)
        #expect(clusters.masses == clusters.masses.sorted(by: >), "seed \(seed)")
        #expect(clusters.masses.reduce(0, +) == 400, "seed \(seed)")
        for centre in Self.centres {
            let found = rows(clusters, d: 3)
            let nearest = found[ReferenceKMeans.nearest(centre, found)]
            #expect(ReferenceKMeans.squaredDistance(nearest, centre) < 0.5, "seed \(seed)")
        }
    }

    @Test func `the same seed gives the same bits`() {
        let points = points(300, seed: 9, spread: 3)
        var first = SeededGenerator(seed: 5)
        var second = SeededGenerator(seed: 5)
        let left = seeding(points).clusters(count: 7, using: &first)
        let right = seeding(points).clusters(count: 7, using: &second)
        #expect(left.centroids == right.centroids)
        #expect(left.members == right.members)
        #expect(first == second)
    }

    @Test(arguments: 1...6)
    func `there are no more clusters than distinct points`(distinct: Int) {
        let points = (0..<60).map { [Double($0 % distinct), 3] }
        var generator = SeededGenerator(seed: 1)
        let clusters = seeding(points).clusters(count: 5, using: &generator)
        #expect(clusters.count == min(5, distinct))
        #expect(clusters.centroids.allSatisfy { $0.isFinite })
        if distinct <= 5 { #expect(clusters.inertia == 0) }
        let chosen = seeding(points).chosenClusterCount(max: 12, using: &generator)
        #expect(chosen <= distinct && chosen >= min(2, distinct))
    }

    @Test func `a feature with factor 0 has no say`() {
        let points = points(200, seed: 3).map { [$0[0], $0[0] > 4 ? 0 : 1_000 * $0[1]] }
        var generator = SeededGenerator(seed: 1)
        let clusters = seeding(points, factors: [1, 0]).clusters(count: 2, using: &generator)
        for (point, member) in zip(points, clusters.members) {
            #expect((point[0] > 4) == (clusters.centroids[member * 2] > 4))
        }
    }

    @Test func `a vector of weight n counts as n vectors`() {
        let points = points(120, seed: 6, spread: 3)
        var generator = SeededGenerator(seed: 1)
        let doubled = points + points.prefix(40)
        let weighted = Seeding(
            vectors: points.flatMap { $0 }, weights: (0..<120).map { $0 < 40 ? 2 : 1 }, origin: [0, 0, 0],
            factors: [1, 1, 1]
        ).clusters(count: 3, using: &generator)
        let repeated = seeding(doubled).clusters(count: 3, using: &generator)
        #expect(abs(weighted.inertia - repeated.inertia) < 1e-3 * repeated.inertia)
        #expect(weighted.masses.reduce(0, +) == 160)
    }

    @Test func `ten passes over a table come as close as seeding on all of it, in any order of rows`() {
        let points = points(3_000, seed: 4, spread: 3).sorted { $0[0] < $1[0] }
        var settings = TableClustering.Settings(clusterCount: 4)
        settings.batchSize = 100
        settings.passes = 10
        let result = TableClustering(points.flatMap { $0 }, featureCount: 3, settings: settings)
        var generator = SeededGenerator(seed: 1)
        let reference = seeding(points).clusters(count: 4, using: &generator).inertia
        #expect(result.inertia <= 1.01 * reference)
        #expect(result.sizes.reduce(0, +) == 3_000)
        for (cluster, size) in result.sizes.enumerated() {
            #expect(result.labels.filter { $0 == cluster }.count == size)
        }
    }

    @Test func `scaling a table makes the unit of a column irrelevant`() {
        let points = points(500, seed: 5)
        var settings = TableClustering.Settings(clusterCount: 4)
        settings.isScaled = true
        let plain = TableClustering(points.flatMap { $0 }, featureCount: 3, settings: settings)
        let stretched = TableClustering(
            points.flatMap { [$0[0] * 1_024, $0[1], $0[2] + 65_536] }, featureCount: 3, settings: settings)
        #expect(abs(plain.inertia - stretched.inertia) < 1e-6 * plain.inertia)
    }

    @Test func `a far row that an even sample would miss gets a cluster of its own`() {
        var settings = TableClustering.Settings(clusterCount: 3)
        settings.sampleMax = 800
        var vectors = points(4_000, seed: 7).flatMap { $0 }
        vectors += [1e6, 1e6, 1e6]
        let result = TableClustering(vectors, featureCount: 3, settings: settings)
        #expect(result.sizes.contains(1))
    }
}
