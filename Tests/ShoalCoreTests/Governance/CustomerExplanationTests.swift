import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct CustomerExplanationTests {
    private static func shop(seed: UInt64) -> PointShop {
        var generator = SeededGenerator(seed: seed)
        let scales = [1, 0.1, 30, 0, 2.5]
        func point() -> [Double] { scales.map { generator.nextUnit() * 4 * max($0, 0.5) } }
        return PointShop(
            segments: (1...4).map {
                PointShop.Segment(id: $0 * 3, name: "g\($0)", centre: point(), outlierSquaredDistance: 9)
            }, scales: scales, weights: [1, 0.5, 2, 5, 0.1], means: point())
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `distances, confidence and reasons follow from the definition`(seed: UInt64) throws {
        let shop = Self.shop(seed: seed)
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        var generator = SeededGenerator(seed: seed &+ 50)
        let point = shop.scales.map { Double(Float(generator.nextUnit() * 5 * max($0, 0.5))) }
        _ = harness.receive(PointShop.event("c", at: point, minute: 0))
        let known = harness.shard.report(of: Array("c".utf8))
        let report = try #require(known)
        let explanation = CustomerExplanation(report, plan: harness.shard.plan)
        let ranked = shop.segments.map {
            (label: "s\($0.id)", squared: shop.squaredDistance(point, $0.centre))
        }
        .sorted { $0.squared < $1.squared }
        #expect(explanation.distances.map(\.id) == ranked.map(\.label), "seed \(seed)")
        for (found, expected) in zip(explanation.distances, ranked) {
            #expect(abs(found.distance - expected.squared.squareRoot()) < 1e-5, "seed \(seed)")
        }
        let confidence = 1 - (ranked[0].squared / ranked[1].squared).squareRoot()
        #expect(abs((explanation.confidence ?? -1) - confidence) < 1e-5, "seed \(seed)")
        #expect(explanation.isOutlier == (ranked[0].squared > 9), "seed \(seed)")
        // A new customer is in the nearest segment, and the next nearest is the alternative.
        let own = try #require(shop.segments.first { "s\($0.id)" == ranked[0].label })
        let other = try #require(shop.segments.first { "s\($0.id)" == ranked[1].label })
        let gains = zip(shop.terms(point, other.centre), shop.terms(point, own.centre)).map { $0 - $1 }
        let order = gains.indices.filter { gains[$0] > 0 }.sorted { gains[$0] > gains[$1] }
        let total = order.reduce(0) { $0 + gains[$1] }
        #expect(explanation.reasons.map(\.feature) == order.map { "f\($0)" }, "seed \(seed)")
        for (reason, axis) in zip(explanation.reasons, order) {
            #expect(abs(reason.contribution - gains[axis] / total) < 1e-5, "seed \(seed)")
            #expect(reason.typical == own.centre[axis] && reason.wasTypical == other.centre[axis])
        }
        #expect(explanation.traits.map(\.typical) == own.centre.map { $0 })
        #expect(explanation.traits.map(\.population) == shop.means.map { $0 })
    }

    @Test func `before the first model there are features and nothing else`() throws {
        let shop = PointShop.pair
        var harness = try ShardHarness(features: shop.features)
        _ = harness.receive(PointShop.event("c", at: [4, 1], minute: 0))
        let known = harness.shard.report(of: Array("c".utf8))
        let report = try #require(known)
        let stranger = harness.shard.report(of: Array("d".utf8))
        #expect(stranger == nil)
        #expect(report.eventCount == 1)
        #expect(report.streamTimeMilliseconds == PointShop.time(0))
        let explanation = CustomerExplanation(report, plan: harness.shard.plan)
        #expect(explanation.traits.map(\.value) == [4, 1])
        #expect(explanation.traits.allSatisfy { $0.typical == nil && $0.population == nil })
        #expect(explanation.distances.isEmpty && explanation.reasons.isEmpty)
        #expect(explanation.confidence == nil)
    }

    @Test func `a customer who stays in a segment that is no longer the nearest is explained as they are`()
        throws
    {
        let shop = PointShop.pair
        var settings = ModelSettings()
        settings.margin = 0.9
        var harness = try ShardHarness(features: shop.features, model: settings)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("c", at: [1, 0], minute: 0))
        _ = harness.receive(PointShop.event("c", at: [6, 0], minute: 1))
        let known = harness.shard.report(of: Array("c".utf8))
        let report = try #require(known)
        #expect(report.profile.segmentID == 1)
        let explanation = CustomerExplanation(report, plan: harness.shard.plan)
        #expect(explanation.distances.map(\.id) == ["s2", "s1"])
        // Nothing speaks for it: the other one is nearer.
        #expect(explanation.reasons.isEmpty)
    }
}
