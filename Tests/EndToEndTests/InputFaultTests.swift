internal import Foundation
internal import ShoalCore
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon on input that is bad, comes twice, comes from the future, or has gone.
@Suite(.serialized) struct InputFaultTests {
    private static let bad: [[UInt8]?] = [
        Array("{".utf8), Array("[1]".utf8), nil, [], [0xff, 0x00], Array(#"{"type":"purchase"}"#.utf8),
        Array(repeating: UInt8(ascii: "["), count: 2_000),
        Array(#"{"type":"purchase","customer_id":"x","timestamp":1767225600000,"amount":1e400}"#.utf8),
    ]

    private static func bad(_ count: Int) -> [TopicRecord] {
        (0..<count).map { TopicRecord(key: "bad-\($0)", bytes: bad[$0 % bad.count]) }
    }

    @Test func `a thousand bad records in a row and then every second one stop nothing`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 1, events: 1_000)
        let good = try TopicRecord.readAll(
            "shop", partitions: FaultShop.partitions, at: shop.bootstrap)
        try TopicRecord.write(Self.bad(1_000), to: "shop", at: shop.bootstrap)
        // The same again, as duplicates, with a bad one after each.
        let mixed = zip(good, Self.bad(good.count)).flatMap { [$0, $1] }
        try TopicRecord.write(mixed, to: "shop", at: shop.bootstrap)
        let daemon = try await shop.finish("poison")
        let letters = try TopicRecord.readAll(
            "dead-letters", partitions: FaultShop.partitions, at: shop.bootstrap)
        #expect(letters.count == 2_000, "\(daemon.errors)")
        #expect(Set(letters.map(\.origin)).count == 2_000)
        #expect(letters.allSatisfy { $0.key.hasPrefix("bad-") && $0.header("shoal.reason") != nil })
        let found = try shop.profiles("poison")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test func `what comes again, and one customer ten years ahead, change nobody's profile`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 2, events: 2_000)
        let expected = try shop.reference()
        let first = try TopicRecord.readAll(
            "shop", partitions: FaultShop.partitions, at: shop.bootstrap)
        // The latest four of each customer, two to five times; eight are remembered.
        for (number, records) in Dictionary(grouping: first, by: \.key).values.enumerated() {
            for _ in 0..<1 + number % 4 {
                try TopicRecord.write(Array(records.suffix(4)), to: "shop", at: shop.bootstrap)
            }
        }
        let ahead =
            #"{"type":"purchase","customer_id":"ahead","timestamp":"2040-01-01T00:00:00Z","amount":1}"#
        try TopicRecord.write([TopicRecord(key: "ahead", value: ahead)], to: "shop", at: shop.bootstrap)
        let daemon = try await shop.finish("again")
        let letters = try TopicRecord.readAll(
            "dead-letters", partitions: FaultShop.partitions, at: shop.bootstrap)
        #expect(letters.map { $0.header("shoal.reason") } == ["timestamp_in_future"], "\(daemon.errors)")
        let found = try shop.profiles("again")
        #expect(found.count > 200 && found == expected)
    }

    @Test func `input that is gone is never jumped over silently`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 3, events: 1_000)
        _ = try await shop.finish("trimmed")
        // The development broker keeps five mebibytes of each partition.
        var random = SeededGenerator(seed: 5)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        try TopicRecord.write(
            (0..<80).map { TopicRecord(key: "\($0)", bytes: noise) }, to: "shop", at: shop.bootstrap)
        let refused = try shop.start("trimmed")
        #expect(await refused.exit(within: 60) == .code(1), "\(refused.errors)")
        #expect(refused.errors.contains("events would be skipped"), "\(refused.errors)")
        let told = try await shop.finish(
            "trimmed", environment: ["SHOAL_KAFKA__AUTO_OFFSET_RESET": "earliest"])
        #expect(told.errors.contains("going on at the first it holds"), "\(told.errors)")
        let stateless = try await shop.finish("trimmed", environment: ["SHOAL_STATE__DIRECTORY": "none"])
        #expect(
            stateless.lineCount(with: "no snapshot to go on from") == Int(FaultShop.partitions),
            "\(stateless.errors)")
    }

    @Test func `an input made anew is started over only if that is wanted`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 4, events: 1_000)
        // What a group is left with whose topic was deleted and made again.
        let reader = try KafkaConsumer(
            group: "anew", properties: KafkaProperties(bootstrap: shop.bootstrap), events: { _ in })
        try reader.commit(
            (0..<FaultShop.partitions).map {
                KafkaPartitionOffset(KafkaTopicPartition(topic: "shop", partition: $0), offset: 100_000)
            })
        reader.close()
        let refused = try shop.start("anew")
        #expect(await refused.exit(within: 60) == .code(1), "\(refused.errors)")
        #expect(refused.errors.contains("made anew or trimmed"), "\(refused.errors)")
        let told = try shop.start("anew", environment: ["SHOAL_KAFKA__AUTO_OFFSET_RESET": "earliest"])
        #expect(await told.logs("going on at the first it holds", within: 60), "\(told.errors)")
        #expect(await told.logs("of partition 0, ", within: 60), "\(told.errors)")
        #expect(await told.logs("of partition 1, ", within: 60), "\(told.errors)")
        #expect(await told.stops() == .code(0), "\(told.errors)")
        #expect(try await shop.committed("anew", reaching: 1_000) == 1_000)
        let found = try shop.profiles("anew")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test func `an input that has more partitions than at the start ends it with the reason`() async throws {
        let port = try FaultShop.freePort()
        let shop = try await FaultShop(port: port)
        try await shop.fill(seed: 5, events: 500)
        // The new topic holds fewer records than were read of the old one, which is accepted here.
        let daemon = try shop.start("grown", environment: ["SHOAL_KAFKA__AUTO_OFFSET_RESET": "earliest"])
        #expect(try await shop.committed("grown", reaching: 500) == 500, "\(daemon.errors)")
        await shop.endBroker()
        let larger = try await FaultShop(port: port, inputPartitions: 4)
        #expect(await daemon.exit(within: 90) == .code(1), "\(daemon.errors)")
        #expect(
            daemon.errors.contains("input topic shop had 2 partitions at the start"), "\(daemon.errors)")
        await larger.endBroker()
    }
}
