import Foundation
import Testing

@testable import ShoalCore

/// What single events bring to features, as summaries tell it to the drift monitors.
@Suite struct InflowTests {
    private static let day: Int64 = 86_400_000
    private static func filter(_ path: String, _ value: String) -> FeatureFilter {
        FeatureFilter([.init(path: path, anyOf: [.text(value)])])
    }

    private static let purchase = filter("type", "purchase")
    private static let features = [
        FeatureDefinition(name: "purchases", kind: .count(purchase, halfLife: 30 * day), transform: .log1p),
        FeatureDefinition(
            name: "spend", kind: .sum(of: "amount", purchase, minus: ["return"], halfLife: 30 * day),
            transform: .log1p),
        FeatureDefinition(name: "price", kind: .mean(of: "price", .all, halfLife: 90 * day)),
        FeatureDefinition(
            name: "shoes",
            kind: .share(
                of: filter("category", "shoes"), among: purchase, halfLife: 30 * day,
                prior: .value(0.5), priorWeight: 4)),
        FeatureDefinition(
            name: "returned",
            kind: .ratio(
                of: filter("type", "return"), to: purchase, halfLife: 90 * day,
                prior: .population, priorWeight: 4)),
        FeatureDefinition(name: "score", kind: .last(of: "properties.nps", .all)),
        FeatureDefinition(name: "recency", kind: .since(purchase, cap: 180 * day), transform: .log1p),
        FeatureDefinition(name: "variety", kind: .distinct(of: "product_id", .all)),
    ]

    private static func line(_ number: Int, _ fields: String) -> String {
        let minute = String(format: "%02d", number)
        return #"{"customer_id":"c","timestamp":"2026-01-05T10:\#(minute):00Z",\#(fields)}"#
    }

    private func summary(
        of events: [String], response: ModelSettings.DriftResponse = .alert
    ) throws -> BatchSummary {
        var model = ModelSettings()
        model.driftResponse = response
        var harness = try ShardHarness(features: Self.features, model: model)
        for (number, fields) in events.enumerated() {
            #expect(harness.receive(Self.line(number, fields)) == .accepted)
        }
        return harness.shard.takeSummary()
    }

    @Test func `every event brings its own value, whatever the customer did before`() throws {
        let summary = try summary(of: [
            #""type":"purchase","amount":20,"price":10,"category":"shoes""#,
            #""type":"purchase","amount":60,"price":30,"category":"toys""#,
            #""type":"return","amount":20"#,
            #""type":"product_view","price":50,"category":"shoes","properties":{"nps":7}"#,
        ])
        #expect(summary.inflowCounts == [4, 3, 3, 2, 3, 1, 0, 0])
        let spend = (log(21.0) + log(61.0) - log(21.0)) / 3
        for (found, expected) in zip(summary.inflowMeans, [0.5, spend, 30, 0.5, 1.0 / 3, 7, 0, 0]) {
            #expect(abs(found - expected) < 1e-6, "\(summary.inflowMeans)")
        }
        #expect(abs(summary.inflowSquaredDeviations[2] - 800) < 1e-6)
        let sample = summary.inflowSample
        #expect(sample.count == 4 * Self.features.count)
        #expect(sample[2] == 10 && sample[8 + 3] == 0 && sample[16 + 2].isNaN && sample[24 + 5] == 7)
    }

    @Test func `a value does not depend on the one before`() throws {
        let events = [
            #""type":"purchase","amount":20,"price":10,"category":"shoes""#, #""type":"search""#,
            #""type":"purchase","amount":5,"price":5,"category":"toys""#,
        ]
        let forward = try summary(of: events)
        let backward = try summary(of: events.reversed())
        #expect(forward.inflowCounts == backward.inflowCounts)
        for feature in Self.features.indices {
            #expect(abs(forward.inflowMeans[feature] - backward.inflowMeans[feature]) < 1e-9)
        }
    }

    @Test func `a batch tells of each event once, of 256 at most, and of none where nobody watches`() throws {
        var harness = try ShardHarness(features: Self.features)
        for second in 0..<600 {
            let time = 1_767_607_200_000 + Int64(second) * 1_000
            _ = harness.receive(
                #"{"customer_id":"c\#(second % 9)","timestamp":\#(time),"type":"search"}"#)
        }
        let first = harness.shard.takeSummary()
        #expect(first.inflowCounts[0] == InflowBatch.eventsMax)
        #expect(first.inflowSample.count == BatchSummary.sampleMax * Self.features.count)
        let second = harness.shard.takeSummary()
        #expect(second.inflowCounts == Self.features.map { _ in 0 })
        #expect(second.inflowSample.isEmpty)
        let ignored = try summary(of: [#""type":"purchase","amount":1"#], response: .ignore)
        #expect(ignored.inflowCounts == Self.features.map { _ in 0 })
    }

    @Test(arguments: [-100.0, -1, 0, 0.5, 3, 1e9])
    func `a scale and its own units go back and forth`(value: Double) {
        for scale in [InflowScale.share, .linear, .logarithmic, .root] {
            #expect(abs(scale.plain(scale.scaled(value)) - value) <= 1e-9 * max(abs(value), 1), "\(scale)")
            #expect(scale.scaled(-value) == -scale.scaled(value))
        }
    }
}
