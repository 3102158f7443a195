import ShoalCore
import ShoalKafka
import ShoalTestSupport
import Testing

@testable import ShoalEngine

/// The topics that a configuration needs beside those that there are.
@Suite struct TopicReviewTests {
    private func settings(keyed: [String], routed: [String] = []) -> EngineSettings {
        var settings = EngineSettings(
            kafka: KafkaProperties(), group: "g", sources: [.canonical(topics: keyed)], features: [],
            hash: KeyHash(first: 1, second: 2))
        settings.routed = routed.map { .canonical(topics: [$0]) }
        return settings
    }

    private func review(
        _ settings: EngineSettings, _ counts: [String: Int32], policies: [String: String] = [:],
        asked: Int32? = nil
    ) throws -> TopicReview {
        try TopicReview(
            settings: settings, counts: counts, policies: { _ in policies }, partitionCount: asked)
    }

    @Test func `all is missing from an empty cluster, and inputs and outputs get what is asked for`() throws {
        let review = try review(settings(keyed: ["web", "pos"]), [:], asked: 6)
        let counts = Dictionary(uniqueKeysWithValues: review.missing.map { ($0.name, $0.partitionCount) })
        #expect(
            counts == [
                "web": 6, "pos": 6, "segment-changes": 6, "customer-segments": 6, "dead-letters": 6,
                "shoal.summaries": 1, "shoal.model": 1, "drift-alerts": 1,
            ])
        let compacted = review.missing.filter { $0.settings["cleanup.policy"] == "compact" }.map(\.name)
        #expect(compacted == ["customer-segments", "shoal.model"])
        #expect(review.faults.isEmpty)
    }

    @Test func `a missing input gets as many partitions as those that exist`() throws {
        let review = try review(settings(keyed: ["web", "pos"]), ["web": 12])
        #expect(review.missing.first == KafkaTopicSpecification(name: "pos", partitionCount: 12))
        #expect(review.rows.first?.partitionCount == 12)
    }

    @Test func `without any input and without a number it is not known`() {
        #expect {
            _ = try review(settings(keyed: ["web", "pos"]), [:])
        } throws: { "\($0)".contains("web, pos") && "\($0)".contains("--partitions") }
    }

    @Test func `a number that the inputs do not have is refused, and so are inputs of two counts`() {
        #expect {
            _ = try review(settings(keyed: ["web", "pos"]), ["web": 12], asked: 6)
        } throws: { "\($0)".contains("web has 12 partitions, not 6") }
        #expect {
            _ = try review(settings(keyed: ["web", "pos"]), ["web": 12, "pos": 6])
        } throws: { "\($0)".contains("equal partition counts") }
    }

    @Test func `what is routed is made with the count of the largest source`() throws {
        let review = try review(settings(keyed: ["shoal.events"], routed: ["a", "b"]), ["a": 3, "b": 8])
        #expect(review.missing.first == KafkaTopicSpecification(name: "shoal.events", partitionCount: 8))
        #expect(review.rows.map(\.isInput).filter(\.self).count == 2)
    }

    @Test func `outputs with too few partitions or another policy are wrong`() throws {
        let counts: [String: Int32] = [
            "web": 6, "segment-changes": 3, "customer-segments": 6, "dead-letters": 1, "shoal.summaries": 1,
            "shoal.model": 1, "drift-alerts": 1,
        ]
        let policies = [
            "web": "compact", "segment-changes": "compact", "customer-segments": "delete",
            "shoal.model": "compact,delete", "drift-alerts": "delete",
        ]
        let review = try review(settings(keyed: ["web"]), counts, policies: policies)
        #expect(review.missing.isEmpty)
        let wrong = review.rows.filter { !$0.faults.isEmpty }
        #expect(wrong.map(\.wanted.name) == ["segment-changes", "customer-segments"])
        #expect(wrong.map(\.faults.count) == [2, 1])
        #expect(wrong[0].faults[0].contains("has 3 partitions but needs 6"))
        #expect(wrong[1].faults[0].contains("set it to compact"))
    }
}
