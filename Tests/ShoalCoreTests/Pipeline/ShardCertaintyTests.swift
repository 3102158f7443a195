import ShoalTestSupport
import Testing

@testable import ShoalCore

/// How much must be known of a customer before they are given a segment or moved.
@Suite struct ShardCertaintyTests {
    @Test func `customers of few events are neither placed nor learned from`() throws {
        let shop = PointShop.pair
        var settings = ModelSettings()
        settings.minEvents = 3
        settings.certainty = 0
        var harness = try ShardHarness(features: shop.features, model: settings)
        for minute in 0..<2 { _ = harness.receive(PointShop.event("two", at: [0, 0], minute: minute)) }
        for minute in 0..<3 { _ = harness.receive(PointShop.event("three", at: [0, 0], minute: minute)) }
        #expect(harness.shard.pendingVectors == 1)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        let placed = try harness.changes()
        #expect(placed.map(\.customer) == ["three"])
        _ = harness.receive(PointShop.event("two", at: [10, 0], minute: 3))
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["three", "two"])
        #expect(changes[1].revision == 1 && changes[1].to == "s2" && changes[1].cause == "event")
        #expect(changes[1].firstSeen == PointShop.time(0), "they were there before they were placed")
        // A customer of one event was in no segment, so there is nothing to tell of an erasure.
        _ = harness.receive(PointShop.event("one", at: [0, 0], minute: 4))
        _ = harness.receive(PointShop.control("forget", "one", minute: 5))
        // Who comes back begins anew.
        _ = harness.receive(PointShop.control("forget", "two", minute: 5))
        _ = harness.receive(PointShop.event("two", at: [10, 0], minute: 6))
        let last = try harness.changes()
        #expect(last.map(\.customer) == ["three", "two", "two"])
        #expect(last[2].cause == "erasure")
    }

    @Test func `duplicates and events without consent do not count towards being known`() throws {
        let shop = PointShop.pair
        var settings = ModelSettings()
        settings.minEvents = 2
        var harness = try ShardHarness(features: shop.features, model: settings)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        let event = PointShop.event("c", at: [0, 0], minute: 0, extra: #","event_id":"e""#)
        for _ in 0..<5 { _ = harness.receive(event) }
        _ = harness.receive(PointShop.control("consent_withdrawn", "c", minute: 1))
        for minute in 2..<6 { _ = harness.receive(PointShop.event("c", at: [0, 0], minute: minute)) }
        _ = harness.receive(PointShop.control("consent_granted", "c", minute: 7))
        #expect(harness.output.records.count == 0)
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 8))
        let changes = try harness.changes()
        #expect(changes.map(\.revision) == [1])
    }

    /// One share with a prior of ½ that weighs as one event, of events so close that nothing fades.
    private static func features() -> [FeatureDefinition] {
        [
            FeatureDefinition(
                name: "store_share",
                kind: .share(
                    of: EveryFeature.filter(("channel", [.text("store")])), among: .all,
                    halfLife: 1_000_000_000_000, prior: .value(0.5), priorWeight: 1))
        ]
    }

    @Test(arguments: [0, 0.5, 1, 3], [1, 2, 3] as [UInt64])
    func `a move needs certainty standard errors of what few events can say`(
        certainty: Double, seed: UInt64
    ) throws {
        let shop = PointShop(
            segments: [
                PointShop.Segment(id: 1, name: "online", centre: [0.25]),
                PointShop.Segment(id: 2, name: "in store", centre: [0.75]),
            ], scales: [0.2], weights: [1], means: [0.5])
        var settings = ModelSettings()
        settings.margin = 0.1
        settings.certainty = certainty
        var harness = try ShardHarness(features: Self.features(), model: settings)
        harness.shard.adopt(
            shop.model(planHash: harness.shard.plan.hash, named: ["store_share"]), into: &harness.output)
        var generator = SeededGenerator(seed: seed)
        var (part, whole) = (0.0, 0.0)
        var segment: Int?
        var expected: [String] = []
        for minute in 0..<600 {
            // The customer's habit turns around now and then.
            let isStore = generator.nextUnit() < (minute / 40 % 2 == 0 ? 0.2 : 0.8)
            whole += 1
            if isStore { part += 1 }
            let channel = isStore ? "store" : "web"
            _ = harness.receive(
                PointShop.event("c", at: [], minute: minute, extra: #","channel":"\#(channel)""#))
            let share = (part + 0.5) / (whole + 1)
            let distances = shop.segments.map { shop.squaredDistance([share], $0.centre) }
            let nearest = distances[0] < distances[1] ? 0 : 1
            if let segment {
                if nearest == segment || distances[nearest] >= 0.9 * distances[segment] { continue }
                // A beta posterior's spread, through the slope of d² by x: 2·Δc/σ².
                let ratio = (part + 1) / (whole + 2)
                let error = (ratio * (1 - ratio) / (whole + 2)).squareRoot() * 2 * 0.5 / 0.04
                if distances[segment] - distances[nearest] < certainty * error { continue }
            }
            segment = nearest
            expected.append("s\(nearest + 1) \(PointShop.text(minute))")
        }
        let changes = try harness.changes()
        #expect(changes.map { "\($0.to ?? "none") \($0.at)" } == expected, "seed \(seed)")
        #expect(expected.count >= (certainty < 1 ? 2 : 1), "seed \(seed): somebody moves")
    }
}
