import ShoalCore
import ShoalKafka
import Testing

@testable import ShoalEngine

/// Which mapping a record is read by.
@Suite struct RoutedSourcesTests {
    /// Of two sources that lanes read and two that a router reads.
    private func source(_ headers: [KafkaHeader]) throws(EventRejection) -> Int? {
        var settings = EngineSettings(
            kafka: KafkaProperties(), group: "g",
            sources: ["orders", "shoal.events"].map { .canonical(topics: [$0]) }, features: [],
            hash: KeyHash(first: 1, second: 2))
        settings.routed = ["web", "app"].map { SourceMapping(name: $0, topics: [$0]) }
        let record = KafkaRecord(
            topicIndex: 1, partition: 0, offset: 0, timestampMilliseconds: nil, headers: headers, key: nil,
            value: nil)
        return try RoutedSources(settings).source(of: record)
    }

    private func mark(_ name: String) -> KafkaHeader { KafkaHeader(name: RoutedSources.header, value: name) }

    @Test func `a record without the router's header is read as its topic's source says`() throws {
        #expect(try source([]) == nil)
        #expect(try source([KafkaHeader(name: "trace", value: "web")]) == nil)
    }

    @Test func `the router's header names the source, the last one if there are several`() throws {
        #expect(try source([mark("web")]) == 2)
        #expect(try source([mark("gone"), mark("app")]) == 3)
    }

    @Test func `a source that is no more is a reason to reject`() throws {
        #expect(throws: EventRejection(.badField, "shoal.source: no routed source is called gone")) {
            try source([mark("web"), mark("gone")])
        }
    }
}
