import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct LloydTests {
    private static let d = 6

    private func points(_ count: Int, seed: UInt64, spread: Double = 3) -> [[Double]] {
        var stream = StreamOfShoppers(centres: [[0], [8]], seed: seed)
        return (0..<count).map { _ in (0..<Self.d).map { _ in spread * stream.noise() } }
    }

    private func scaled(_ points: [[Double]], weights: [Double]? = nil) -> ScaledPoints {
        ScaledPoints(
            vectors: points.flatMap { $0 }, weights: weights ?? Array(repeating: 1, count: points.count),
            origin: Array(repeating: 0, count: Self.d), factors: Array(repeating: 1, count: Self.d))
    }

    private func row(_ index: Int, of lanes: [SIMD4<Float>]) -> [Double] {
        (0..<Self.d).map { Double(lanes[index * 2 + $0 / 4][$0 % 4]) }
    }

    private func centroids(of run: Lloyd) -> [[Double]] {
        (0..<run.clusterCount).map { row($0, of: run.centroids) }
    }

    /// Everybody with their nearest centroid, every centroid in the middle of its own, every bound true.
    private func expectConverged(_ run: Lloyd, _ points: [[Double]], weights: [Double], _ comment: Comment) {
        let centroids = centroids(of: run)
        for (index, point) in points.enumerated() {
            let distances = centroids.map { ReferenceKMeans.squaredDistance(point, $0).squareRoot() }
            let own = distances[run.members[index]]
            let others = distances.indices.filter { $0 != run.members[index] }.map { distances[$0] }
            let second = others.min() ?? .infinity
            #expect(own <= second + 1e-4, comment)
            #expect(abs(Double(run.bounds[index].upper) - own) < 1e-4, comment)
            #expect(Double(run.bounds[index].lower) <= second + 1e-4, comment)
        }
        for (cluster, centroid) in centroids.enumerated() {
            let own = points.indices.filter { run.members[$0] == cluster }
            let mass = own.reduce(0) { $0 + weights[$1] }
            for axis in centroid.indices where mass > 0 {
                let mean = own.reduce(0) { $0 + weights[$1] * points[$1][axis] } / mass
                #expect(abs(mean - centroid[axis]) < 1e-4, comment)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7, 8, 9, 16, 17])
    func `a table of centroids tells the nearest two as measuring each does`(clusterCount: Int) {
        let points = points(300, seed: UInt64(clusterCount))
        let lanes = scaled(points).lanes
        let table = CentroidTable(Array(lanes.prefix(2 * clusterCount)), blocks: 2)
        for index in points.indices {
            let distances = points.prefix(clusterCount).map {
                ReferenceKMeans.squaredDistance(points[index], $0)
            }
            let order = distances.indices.sorted { distances[$0] < distances[$1] }
            let found = table.nearest(toRow: index, of: lanes.span)
            #expect(found.cluster == order[0])
            #expect(abs(Double(found.first) - distances[order[0]]) < 1e-3)
            if clusterCount == 1 {
                #expect(found.second == .infinity)
            } else {
                #expect(abs(Double(found.second) - distances[order[1]]) < 1e-3)
            }
        }
    }

    @Test func `of centroids that are as near the first is taken`() {
        let lanes = scaled(Array(repeating: [1, 2, 3, 4, 5, 6], count: 12)).lanes
        let found = CentroidTable(lanes, blocks: 2).nearest(toRow: 0, of: lanes.span)
        #expect(found == CentroidTable.Nearest(cluster: 0, first: 0, second: 0))
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `weighted points settle, and settle again after a centroid was moved`(seed: UInt64) {
        let points = points(400, seed: seed)
        let weights = points.indices.map { $0 % 3 == 0 ? 0.25 : 1.5 }
        let scaled = scaled(points, weights: weights)
        var run = Lloyd(points: scaled, centroids: Array(scaled.lanes.prefix(2 * 11)))
        run.converge()
        expectConverged(run, points, weights: weights, "seed \(seed)")
        for cluster in 0..<11 {
            run.measureAll()
            run.move(cluster, onto: 399 - cluster)
            run.converge()
            expectConverged(run, points, weights: weights, "seed \(seed), cluster \(cluster)")
        }
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `after moving a centroid every point is at its nearest without another iteration`(seed: UInt64) {
        let points = points(400, seed: seed)
        let scaled = scaled(points)
        var run = Lloyd(points: scaled, centroids: Array(scaled.lanes.prefix(2 * 9)))
        run.converge()
        run.move(4, onto: 17)
        let centroids = centroids(of: run)
        #expect(ReferenceKMeans.squaredDistance(centroids[4], points[17]) < 1e-6)
        #expect(run.members == points.map { ReferenceKMeans.nearest($0, centroids) }, "seed \(seed)")
    }

    @Test func `a cluster that has lost its points takes the farthest, or stays where it is`() {
        let points = (0..<30).map { [Double($0 % 3), 0, 0, 0, 0, 0] } + [[50, 0, 0, 0, 0, 0]]
        let scaled = scaled(points)
        let start = ScaledPoints.packed(
            vectors: [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, -900, 0, 0, 0, 0, 0],
            origin: Array(repeating: 0, count: 6), factors: Array(repeating: 1, count: 6))
        var refilled = Lloyd(points: scaled, centroids: start)
        refilled.converge()
        #expect(Set(refilled.members).count == 3)
        #expect(refilled.members.filter { $0 == refilled.members[30] }.count == 1)
        var left = Lloyd(points: scaled, centroids: start)
        left.converge(refills: false)
        #expect(!left.members.contains(2))
        #expect(centroids(of: left)[2][0] == -900)
    }
}
