import ShoalCore
import Testing

/// What becomes of segments is told on the stream of alerts, once each.
@Suite struct SegmentNewsTests {
    private static let features = [FeatureDefinition(name: "spend", kind: .last(of: "spend", .all))]

    private func model(_ ids: [Int], generation: Int, lineage: [SegmentLineage] = []) -> SegmentModel {
        var model = SegmentModel(
            version: generation * 10, generation: generation, planHash: 7, featureNames: ["spend"],
            segments: ids.map {
                SegmentModel.Segment(
                    id: $0, name: "s\($0)", share: 1 / Double(ids.count), outlierSquaredDistance: 9)
            },
            centroids: ids.map(Double.init), masses: ids.map { _ in 1 }, scales: [1], means: [0],
            weights: [1], priors: [0], nextSegmentID: 99, trainedAtMilliseconds: 0)
        model.lineage = lineage
        return model
    }

    private func news(_ models: [SegmentModel], resuming: SegmentModel? = nil) -> [DriftAlert] {
        var watch = DriftWatch(features: Self.features, resuming: resuming)
        var summary = BatchSummary(planHash: 7, partition: 0, featureCount: 1, model: nil)
        var alerts: [DriftAlert] = []
        for (index, model) in models.enumerated() {
            summary.streamTimeMilliseconds = 1_767_225_600_000 + Int64(index) * 1_000
            alerts += watch.absorb(summary, model: model)
        }
        #expect(watch.raisedCount == 0, "news is no alarm")
        #expect(watch.active.isEmpty)
        return alerts
    }

    @Test func `births, retirements, mergers and splits are told once each, with the other segment`() {
        let lineage: [SegmentLineage] = [
            .init(kind: .mergedInto, segment: 2, other: 1, generation: 2, atMilliseconds: 0),
            .init(kind: .retired, segment: 3, generation: 2, atMilliseconds: 0),
            .init(kind: .born, segment: 4, generation: 2, atMilliseconds: 0),
            .init(kind: .splitFrom, segment: 5, other: 1, generation: 2, atMilliseconds: 0),
        ]
        let before = model([1, 2, 3], generation: 1)
        let after = model([1, 4, 5], generation: 2, lineage: lineage)
        let alerts = news([before, before, after, after])
        #expect(alerts.map(\.subject) == ["s2", "s3", "s4", "s5"])
        #expect(alerts.map(\.statistic) == [.mergedInto, .retired, .born, .splitFrom])
        #expect(alerts.map(\.other) == ["s1", nil, nil, "s1"])
        #expect(
            alerts.allSatisfy { $0.severity == .info && $0.monitor == .segments && $0.state == .resolved })
        #expect(alerts.map(\.direction) == [.down, .down, .up, .up])
        #expect(Set(alerts.map(\.id)).count == 4)
        #expect(alerts.first?.headline == "info, resolved: segment s2 merged into s1")
        let json = alerts.map { String(decoding: OutputBuffer.json($0), as: UTF8.self) }
        #expect(json[0].contains(#""subject":"s2","other":"s1","direction":"down""#))
        #expect(!json[1].contains("other"))
    }

    @Test func `the first model's segments, and those that are gone on from, are no news`() {
        let first = model([1, 2], generation: 1)
        #expect(news([first, first]).isEmpty)
        #expect(news([first, first], resuming: first).isEmpty)
        #expect(news([model([1, 2, 3], generation: 2)], resuming: first).map(\.subject) == ["s3"])
    }

    @Test func `a model put in force by a person is told of by its identities alone`() {
        let alerts = news([model([1, 2], generation: 1), model([1, 7], generation: 2)])
        #expect(alerts.map(\.statistic) == [.retired, .born])
    }
}
