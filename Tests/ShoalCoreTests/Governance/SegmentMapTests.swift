import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct SegmentMapTests {
    private func distance(_ left: SegmentMap.Position, _ right: SegmentMap.Position) -> Double {
        ((left.x - right.x) * (left.x - right.x) + (left.y - right.y) * (left.y - right.y)).squareRoot()
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `centroids that lie in a plane keep their distances`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        // Two directions of five features, at right angles in standard deviations.
        let scales: [Double] = [2, 0.5, 1, 30, 1]
        let first: [Double] = [1, 1, 0, 0, 0]
        let second: [Double] = [0, 0, 2, 1, -1]
        let shop = PointShop(
            segments: (1...6).map { index in
                let (a, b): (Double, Double) = (generator.nextUnit() * 9, generator.nextUnit())
                let centre: [Double] = (0..<5).map { axis -> Double in
                    (a * first[axis] + b * second[axis]) * scales[axis]
                }
                return PointShop.Segment(id: index, name: "g", centre: centre)
            }, scales: scales, weights: [1, 1, 1, 1, 1], means: [0, 0, 0, 0, 0])
        let positions = SegmentMap(of: shop.model(planHash: 1)).positions
        for left in 0..<6 {
            for right in 0..<left {
                let expected = shop.squaredDistance(shop.segments[left].centre, shop.segments[right].centre)
                let found = distance(positions[left], positions[right])
                #expect(abs(found - expected.squareRoot()) < 1e-6, "seed \(seed): \(left), \(right)")
            }
        }
        func spread(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        let (x, y) = (spread(positions.map { $0.x }), spread(positions.map { $0.y }))
        #expect(x >= y, "the first varies most")
    }

    @Test func `one segment, and segments in one place, are at the origin`() {
        let one = PointShop(
            segments: [PointShop.Segment(id: 1, name: "a", centre: [3, 4])], scales: [1, 1], weights: [1, 1],
            means: [0, 0])
        #expect(SegmentMap(of: one.model(planHash: 1)).positions == [SegmentMap.Position(x: 0, y: 0)])
        var same = PointShop.pair
        same.segments[1].centre = same.segments[0].centre
        let positions = SegmentMap(of: same.model(planHash: 1)).positions
        #expect(positions.allSatisfy { $0 == SegmentMap.Position(x: 0, y: 0) })
    }
}
