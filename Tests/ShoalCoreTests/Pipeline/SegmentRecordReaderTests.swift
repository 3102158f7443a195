import Testing

@testable import ShoalCore

@Suite struct SegmentRecordReaderTests {
    private static func read(_ text: String) -> SegmentRecordReader.Record? {
        var reader = SegmentRecordReader()
        let bytes = Array(text.utf8)
        return unsafe bytes.withUnsafeBytes { unsafe reader.read($0) }
    }

    @Test func `what a shard writes of a customer is read back`() throws {
        let shop = PointShop(
            segments: [
                PointShop.Segment(
                    id: 7, name: "big \"spenders\" · in store", centre: [1], outlierSquaredDistance: 9)
            ], scales: [1], weights: [1], means: [0])
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("c1", at: [1], minute: 0))
        for stream in [.changes, .currentSegments] as [OutputBuffer.Stream] {
            let text = try #require(harness.records(stream).first?.value)
            let record = try #require(Self.read(text), "\(text)")
            #expect(record.segmentID == 7)
            #expect(record.segmentName == "big \"spenders\" · in store")
            #expect(record.revision == 1)
            #expect(text.contains("\"first_seen\":\(record.firstSeen),"))
            #expect(record.generation == harness.shard.model?.generation)
        }
    }

    @Test func `a change to no segment says so`() {
        let record = Self.read(
            #"{"schema":"shoal.segment-change/1","first_seen":5,"revision":3,"from":{"id":"s1","name":"a"},"to":null}"#
        )
        #expect(record?.segmentID == 0)
        #expect(record?.revision == 3)
    }

    @Test(arguments: [
        "", "garbage", "[]", "{}", #"{"schema":"shoal.segment-change/2","first_seen":5,"revision":3}"#,
        #"{"schema":"shoal.segment-change/1","first_seen":5,"revision":"3"}"#,
        #"{"schema":"shoal.segment-change/1","first_seen":5.5,"revision":3}"#,
        #"{"schema":"shoal.segment-change/1","first_seen":5,"revision":3,"to":{"id":"x1","name":"a"}}"#,
        #"{"schema":"shoal.segment-change/1","first_seen":5,"revision":3,"to":{"id":"s0","name":"a"}}"#,
        #"{"schema":"shoal.segment-change/1","first_seen":5,"revision":3,"to":{"id":"s1","#,
    ])
    func `what no shard writes is refused`(text: String) {
        #expect(Self.read(text) == nil)
    }

    @Test func `a model taken into use again looks at nobody anew, and decides on`() throws {
        let shop = PointShop(
            segments: [
                PointShop.Segment(id: 1, name: "low", centre: [0], outlierSquaredDistance: 9),
                PointShop.Segment(id: 2, name: "high", centre: [10], outlierSquaredDistance: 9),
            ], scales: [1], weights: [1], means: [0])
        var harness = try ShardHarness(features: shop.features)
        _ = harness.receive(PointShop.event("c1", at: [10], minute: 0))
        let isPossible = harness.shard.restore(
            customer: Array("c1".utf8), segmentID: 1, segmentName: "low", revision: 4,
            firstSeen: 1_767_225_600_000)
        #expect(isPossible)
        harness.shard.resume(shop.model(planHash: harness.shard.plan.hash))
        #expect(harness.records(.changes).isEmpty)
        _ = harness.receive(PointShop.event("c1", at: [10], minute: 1))
        let change = try #require(harness.records(.changes).first?.value)
        #expect(change.contains(#""revision":5,"from":{"id":"s1","name":"low"},"to":{"id":"s2""#))
    }
}
