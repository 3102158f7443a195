import ShoalKafka
import Testing

@Suite(.tags(.broker)) struct KafkaRoundTripTests {
    @Test func `keys, values, tombstones and binary bytes come back as they went`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let topic = try producer.topic("t")
        let binary = (0...255).map { UInt8($0) }
        let sent: [(key: [UInt8]?, value: [UInt8]?)] = [
            (Array("k".utf8), Array("v".utf8)), (nil, [1]), (Array("gone".utf8), nil), (binary, binary),
            (Array("empty".utf8), []), ([], [2]), (nil, nil),
        ]
        for record in sent { try producer.produce(topic, partition: 0, key: record.key, value: record.value) }
        try producer.flush(timeoutMilliseconds: 30_000)
        #expect(producer.deliveredCount == sent.count)
        #expect(producer.outstandingCount == 0)

        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try consumer.assign([start("t")])
        let received = try consumer.read(sent.count)
        #expect(received.map(\.key) == sent.map(\.key))
        #expect(received.map(\.value) == sent.map(\.value))
        #expect(received.map(\.offset) == Array(0..<Int64(sent.count)))
        #expect(received.allSatisfy { $0.topic == "t" && $0.partition == 0 && $0.headers.isEmpty })
        #expect(received.allSatisfy { $0.timestampMilliseconds ?? 0 > 1_600_000_000_000 })
        let partition = KafkaTopicPartition(topic: "t", partition: 0)
        #expect(try consumer.watermarks(partition, timeoutMilliseconds: 10_000) == 0..<Int64(sent.count))
        #expect(consumer.cachedWatermarks(partition) == 0..<Int64(sent.count))
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `headers and a given timestamp come back, null header values included`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let headers = [
            KafkaHeader(name: "reason", value: "not_json"), KafkaHeader(name: "bytes", value: [0, 255]),
            KafkaHeader(name: "reason", value: "again"), KafkaHeader(name: "null", value: nil),
        ]
        let key = Array("k".utf8)
        try producer.produce(
            to: producer.topic("t"), partition: 0, key: key.span, value: nil, headers: headers,
            timestampMilliseconds: 1_767_000_000_123)
        try producer.flush(timeoutMilliseconds: 30_000)

        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try consumer.assign([start("t")])
        let received = try consumer.read(1)
        #expect(received.first?.headers == headers)
        #expect(received.first?.timestampMilliseconds == 1_767_000_000_123)
        #expect(received.first?.value == nil)
        #expect(received.first?.key == key)
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `a mark is reached when what was produced before it is delivered`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 2)])
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let topic = try producer.topic("t")
        #expect(producer.hasReachedMark == true)
        for round in 1...3 {
            try producer.produce(topic, partition: 0, key: nil, value: [1])
            try producer.produce(
                to: topic, partition: 1, key: nil, value: [UInt8](arrayLiteral: 2).span, headers: [],
                timestampMilliseconds: 1_767_000_000_123)
            producer.mark()
            // Reports are served by `poll` alone, so the records are on their way until then.
            #expect(producer.hasReachedMark == false)
            for _ in 0..<pollsMax where !producer.hasReachedMark { producer.poll(timeoutMilliseconds: 100) }
            #expect(producer.hasReachedMark == true)
            #expect(producer.deliveredCount == 3 * round - 1)
            try producer.throwDeliveryFailure()
            try producer.produce(topic, partition: 0, key: nil, value: [3])
            #expect(producer.hasReachedMark == true, "What comes after it does not count.")
            try producer.flush(timeoutMilliseconds: 30_000)
        }
        producer.mark()
        #expect(producer.hasReachedMark == true, "Nothing is on its way.")
        producer.close()
        broker.close()
    }

    @Test func `records of several topics tell which is theirs, and a key always lands in one partition`()
        throws
    {
        let specifications = ["a", "b"].map { KafkaTopicSpecification(name: $0, partitionCount: 4) }
        let broker = try DevelopmentBroker(topics: specifications)
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        for name in ["a", "b"] {
            let topic = try producer.topic(name)
            for index in 0..<200 {
                try producer.produce(
                    topic, key: Array("customer-\(index % 20)".utf8), value: Array(name.utf8))
            }
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try consumer.assign(["a", "b"].flatMap { name in (0..<4).map { start(name, $0) } })
        let received = try consumer.read(400)
        #expect(received.count == 400)
        #expect(received.allSatisfy { $0.value == Array($0.topic.utf8) })
        let placements = Dictionary(grouping: received) { $0.key }.mapValues { Set($0.map(\.partition)) }
        #expect(placements.count == 20)
        #expect(placements.values.allSatisfy { $0.count == 1 })
        #expect(Set(received.map(\.partition)).count > 1)
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `a key is placed where Java's default partitioner places it`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1_000)]
        )
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        // murmur2 hashes of Apache Kafka's UtilsTest.testMurmur2, made positive, modulo 1,000.
        let hashes: [(key: String, hash: Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829), ("abc", 479_470_107),
        ]
        let topic = try producer.topic("t")
        for (key, _) in hashes { try producer.produce(topic, key: Array(key.utf8), value: Array(key.utf8)) }
        try producer.flush(timeoutMilliseconds: 30_000)
        for (key, hash) in hashes {
            try consumer.assign([start("t", (hash & 0x7fff_ffff) % 1_000)])
            #expect(try consumer.read(1).first?.value == Array(key.utf8))
        }
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `an error thrown by the reader passes through and the record counts as read`() throws {
        struct Stop: Error {}
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let topic = try producer.topic("t")
        for byte in [1, 2] as [UInt8] { try producer.produce(topic, key: nil, value: [byte]) }
        try producer.flush(timeoutMilliseconds: 30_000)
        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try consumer.assign([start("t")])
        #expect(throws: Stop.self) {
            for _ in 0..<pollsMax {
                _ = try consumer.poll(limit: 10, timeoutMilliseconds: 100) { (_) throws(Stop) in throw Stop()
                }
            }
        }
        #expect(try consumer.read(1).first?.value == [2])
        consumer.close()
        producer.close()
        broker.close()
    }
}
