import ShoalCore
import ShoalKafka
import ShoalTestSupport
import Testing

@testable import ShoalEngine

/// Which mapping a record is read by.
@Suite struct RoutedSourcesTests {
    private func outcome(_ headers: [KafkaHeader]) throws -> Result<ObjectIdentifier, EventRejection> {
        let plan = try FeaturePlan(EveryFeature.counts)
        var settings = EngineSettings(
            kafka: KafkaProperties(), group: "g", sources: [], features: [],
            hash: KeyHash(first: 1, second: 2))
        settings.routed = ["web", "app"].map { SourceMapping(name: $0, topics: [$0]) }
        let plain = SourceDecoder(
            EventDecoder(source: .canonical(), schema: plan.schema, limits: EventLimits()))
        let sources = RoutedSources(settings, plan: plan)
        let record = KafkaRecord(
            topicIndex: 0, partition: 0, offset: 0, timestampMilliseconds: nil, headers: headers, key: nil,
            value: nil)
        do throws(EventRejection) {
            let decoder = try sources.decoder(for: record, plain: plain)
            #expect((decoder === plain) == headers.allSatisfy { $0.name != RoutedSources.header })
            return .success(ObjectIdentifier(decoder))
        } catch {
            return .failure(error)
        }
    }

    private func mark(_ name: String) -> KafkaHeader { KafkaHeader(name: RoutedSources.header, value: name) }

    @Test func `a record without the router's header is read as its topic's source says`() throws {
        #expect(throws: Never.self) { try outcome([]).get() }
        #expect(throws: Never.self) { try outcome([KafkaHeader(name: "trace", value: "web")]).get() }
    }

    @Test func `the router's header names the source, the last one if there are several`() throws {
        #expect(throws: Never.self) { try outcome([mark("web")]).get() }
        #expect(throws: Never.self) { try outcome([mark("gone"), mark("app")]).get() }
    }

    @Test func `a source that is no more is a reason to reject`() throws {
        #expect(throws: EventRejection(.badField, "shoal.source: no routed source is called gone")) {
            try outcome([mark("web"), mark("gone")]).get()
        }
    }
}
