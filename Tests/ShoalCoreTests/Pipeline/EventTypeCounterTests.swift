import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct EventTypeCounterTests {
    private func line(_ type: String, at time: Int) -> String {
        "{\"type\":\"\(type)\",\"customer_id\":\"c\(time)\",\"timestamp\":\(RandomHistory.startMilliseconds + Int64(time))}"
    }

    @Test func `a summary counts accepted events by type and how late they were`() throws {
        var harness = try ShardHarness(features: EveryFeature.all)
        for (time, type) in [(1_000, "purchase"), (400, "search"), (2_000, "purchase"), (2_500, "searching")]
        {
            _ = harness.receive(line(type, at: time))
        }
        let summary = harness.shard.takeSummary()
        #expect(
            summary.eventTypes == [
                .init(name: "purchase", count: 2), .init(name: "search", count: 1),
                .init(name: "searching", count: 1),
            ])
        #expect(summary.latenessMilliseconds == 600)
        #expect(harness.shard.takeSummary().eventTypes.isEmpty)
    }

    @Test func `types beyond the first few are counted together`() throws {
        var harness = try ShardHarness(features: EveryFeature.all)
        for index in 0..<40 { _ = harness.receive(line("type \(index)", at: index)) }
        _ = harness.receive(line(String(repeating: "x", count: 65), at: 41))
        let types = harness.shard.takeSummary().eventTypes
        #expect(types.count == EventTypeCounter.namesMax + 1)
        #expect(types.last == .init(name: BatchSummary.EventTypeCount.otherName, count: 10))
    }
}
