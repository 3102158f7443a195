import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct SegmentMovesTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `moves are those that the changes tell of`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shop = PointShop(
            segments: (1...5).map {
                PointShop.Segment(id: $0 * 2, name: "g\($0)", centre: [Double($0) * 10, 0])
            }, scales: [1, 1], weights: [1, 1], means: [0, 0])
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        for minute in 0..<400 {
            let customer = "c\(generator.nextIndex(below: 12))"
            if generator.nextIndex(below: 20) == 0 {
                _ = harness.receive(PointShop.control("forget", customer, minute: minute))
            } else {
                let point = [generator.nextUnit() * 60, 0]
                _ = harness.receive(PointShop.event(customer, at: point, minute: minute))
            }
        }
        var expected: [String: Int] = [:]
        for change in try harness.changes() {
            expected["\(change.from ?? "s0") \(change.to ?? "s0")", default: 0] += 1
        }
        var found: [String: Int] = [:]
        harness.shard.moves.forEach { found["s\($0) s\($1)"] = $2 }
        #expect(found == expected, "seed \(seed)")
        #expect(
            expected.keys.contains { $0.hasSuffix(" s0") } && expected.keys.contains { $0.hasPrefix("s0 ") })
    }

    @Test func `sums and differences are of every pair`() {
        var few = SegmentMoves()
        few.count(from: 0, to: 1)
        var many = SegmentMoves()
        many.count(from: 0, to: 1)
        many.count(from: 4_000_000_000, to: 1)
        let sum = few + many
        #expect(sum[0, 1] == 2 && sum[4_000_000_000, 1] == 1 && sum[3, 1] == 0)
        #expect((sum - many) == few)
        #expect((many - many).isEmpty)
        #expect((few - many)[4_000_000_000, 1] == -1)
        var pairs: [[Int]] = []
        sum.forEach { pairs.append([$0, $1, $2]) }
        #expect(pairs == [[0, 1, 2], [4_000_000_000, 1, 1]])
    }
}
