import ShoalCore
import ShoalTestSupport
import Testing

/// Drift as a trainer's summaries show it.
@Suite struct DriftWatchTests {
    private static let hour: Int64 = 3_600_000
    private static let features = ["views", "spend"].map {
        FeatureDefinition(name: $0, kind: .last(of: $0, .all))
    }

    /// Alerts of 400 summaries, a quarter of an hour apart, the centres moved by `shift` after the first 300.
    private func alerts(shift: Double, seed: UInt64) -> (all: [DriftAlert], raised: Int) {
        var watch = DriftWatch(features: Self.features)
        var before = StreamOfShoppers(centres: [[0, 0], [6, 6]], seed: seed)
        var after = StreamOfShoppers(centres: [[0, shift], [6, 6 + shift]], seed: seed &+ 1)
        var alerts: [DriftAlert] = []
        for index in 0..<400 {
            let time = 1_767_225_600_000 + Int64(index) * Self.hour / 4
            let summary =
                index < 300
                ? before.summary(count: 256, model: nil, time: time)
                : after.summary(count: 256, model: nil, time: time)
            alerts += watch.absorb(summary, model: nil)
        }
        return (alerts, watch.raisedCount)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a shift of one feature raises one alert that names it`(seed: UInt64) throws {
        let (all, raised) = alerts(shift: 3, seed: seed)
        #expect(raised == 1, "seed \(seed): \(all.map(\.headline))")
        let first = try #require(all.first)
        #expect(first.state == .raised)
        #expect(first.monitor == .feature)
        #expect(first.subject == "spend")
        #expect(first.direction == .up)
        #expect(first.headline.contains("feature spend up from "))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a stream that stays raises none`(seed: UInt64) {
        let (all, raised) = alerts(shift: 0, seed: seed)
        #expect(all.isEmpty && raised == 0, "seed \(seed): \(all.map(\.headline))")
    }

    @Test func `a summary's event types and lateness reach the monitors`() {
        var summary = BatchSummary(planHash: 7, partition: 0, featureCount: 2, model: nil)
        summary.acceptedEvents = 4
        summary.latenessMilliseconds = 1_000
        summary.eventTypes = [.init(name: "purchase", count: 4)]
        let input = DriftInput(summary, generation: 2)
        #expect(input.lagMilliseconds == 250)
        #expect(input.eventTypes == summary.eventTypes)
        #expect(input.generation == 2)
    }
}
