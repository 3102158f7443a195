import ShoalCore
import ShoalKafka
import ShoalTestSupport
import Testing

@testable import ShoalEngine

/// What start-up asks of topics where some sources are routed.
@Suite struct TopicCheckTests {
    private func check(keyed: [String], routed: [String]) -> TopicCheck {
        var settings = EngineSettings(
            kafka: KafkaProperties(), group: "g", sources: [.canonical(topics: keyed)], features: [],
            hash: KeyHash(first: 1, second: 2))
        settings.routed = routed.map { .canonical(topics: [$0]) }
        return TopicCheck(settings: settings)
    }

    @Test func `the topic that records are routed to is made, with as many partitions as others`() throws {
        let check = check(keyed: ["pos", "shoal.events"], routed: ["web", "app"])
        #expect(check.missingInputs([:]) == ["pos", "web", "app"])
        #expect(try check.inputPartitionCount(["pos": 6, "web": 3]) == nil)
        #expect(try check.inputPartitionCount(["pos": 6, "web": 3, "app": 12]) == 6)
        let made = check.outputs(partitionCount: 6).first { $0.name == "shoal.events" }
        #expect(made?.partitionCount == 6)
    }

    @Test func `without keyed topics it has as many partitions as the largest that is routed`() throws {
        let check = check(keyed: ["shoal.events"], routed: ["web", "app"])
        #expect(try check.inputPartitionCount(["web": 3, "app": 12]) == 12)
        #expect(try check.inputPartitionCount(["web": 3, "app": 12, "shoal.events": 4]) == 4)
    }

    @Test func `one that exists with another count than the keyed topics is refused`() {
        let check = check(keyed: ["pos", "shoal.events"], routed: ["web"])
        #expect(throws: EngineError.self) {
            _ = try check.inputPartitionCount(["pos": 6, "web": 3, "shoal.events": 4])
        }
    }

    @Test func `where nothing is routed the topic of events is an input like others, and is not made`() {
        let check = check(keyed: ["shoal.events"], routed: [])
        #expect(check.missingInputs([:]) == ["shoal.events"])
        #expect(!check.outputs(partitionCount: 2).contains { $0.name == "shoal.events" })
    }
}
