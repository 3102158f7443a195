internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon where Kafka takes nothing from it, or gives it back what it never wrote.
@Suite(.serialized) struct OutputFaultTests {
    @Test func `outputs that are refused for a while are made again from the last commit`() async throws {
        let broker = try FaultShop.localBroker()
        let shop = try FaultShop(on: broker)
        try await shop.fill(seed: 1, events: 1_000)
        let daemon = try shop.start("refused", environment: FaultShop.patience)
        #expect(try await shop.committed("refused", reaching: 1_000) == 1_000, "\(daemon.errors)")
        let bad = (0..<50).map { TopicRecord(key: "bad-\($0)", value: "{") }
        try TopicRecord.write(bad, to: "shop", at: shop.bootstrap)
        #expect(try await shop.committed("refused", reaching: 1_050) == 1_050, "\(daemon.errors)")
        daemon.kill(SIGSTOP)
        try TopicRecord.write(bad, to: "shop", at: shop.bootstrap)
        broker.refuseWrites(count: 3)
        daemon.kill(SIGCONT)
        #expect(await daemon.logs("outputs were refused", within: 30), "\(daemon.errors)")
        #expect(try await shop.committed("refused", reaching: 1_100) == 1_100, "\(daemon.errors)")
        #expect(daemon.errors.contains("TOPIC_AUTHORIZATION_FAILED"), "\(daemon.errors)")
        #expect(await daemon.stops() == .code(0), "\(daemon.errors)")
        let letters = try TopicRecord.readAll(
            "dead-letters", partitions: FaultShop.partitions, at: shop.bootstrap)
        // The development broker makes it at least once.
        #expect(letters.count >= 100 && Set(letters.map(\.origin)).count == 100)
        let found = try shop.profiles("refused")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test func `what others wrote into its topics is passed over and named`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 2, events: 2_000)
        _ = try await shop.finish("foreign")
        let words: [String?] = [
            "garbage", "{}", #"{"schema":"shoal.segment-change/9","change_id":"x"}"#,
            #"{"schema":"shoal.model/9"}"#,
        ]
        for topic in ["shoal.model", "shoal.summaries", "customer-segments", "segment-changes"] {
            // As many keys as it takes to reach every partition.
            let records = (0..<12).flatMap { number in
                (words + [nil]).map { TopicRecord(key: "stranger-\(number)", value: $0) }
            }
            try TopicRecord.write(records, to: topic, at: shop.bootstrap)
        }
        try await shop.fill(seed: 3, events: 1_000)
        let daemon = try await shop.finish("foreign")
        #expect(daemon.errors.contains("shoal.model: a record is passed over"), "\(daemon.errors)")
        // Where it saved its partitions, it has read back the changes since.
        let garbage = "are no segments; passed over"
        #expect(daemon.errors.contains("records of segment-changes \(garbage)"), "\(daemon.errors)")
        #expect(daemon.lineCount(with: garbage) == 1, "\(daemon.errors)")
        #expect(try await shop.committed("foreign", reaching: 3_000) == 3_000)
        let stateless = try await shop.finish("foreign", environment: ["SHOAL_STATE__DIRECTORY": "none"])
        #expect(
            stateless.errors.contains("records of customer-segments \(garbage)"), "\(stateless.errors)")
        #expect(stateless.lineCount(with: garbage) == 1, "\(stateless.errors)")
        let found = try shop.profiles("foreign")
        #expect(try found.count > 200 && found == shop.reference())
    }
}
