import Foundation
import Logging
import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

extension Tag {
    @Tag static var broker: Self
}

/// A development broker with one input topic, and what a test does with an engine's topics.
///
/// Customer `i` is in partition `i % count`; in each partition some customers spend much and some little.
struct EngineFixture: ~Copyable {
    static let input = "clicks"
    /// Waits of 50 ms each before a test gives up: 60 s, for a machine that is busy with other things.
    private static let waitsMax = 1_200
    private static let startMilliseconds: Int64 = 1_767_000_000_000

    let broker: DevelopmentBroker
    let producer: KafkaProducer
    let partitionCount: Int32
    let log = LogLines()

    init(partitionCount: Int32, topics: [KafkaTopicSpecification]? = nil) throws {
        self.partitionCount = partitionCount
        let input = KafkaTopicSpecification(name: Self.input, partitionCount: partitionCount)
        let broker = try DevelopmentBroker(topics: topics ?? [input])
        producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: { _ in })
        self.broker = broker
    }

    consuming func close() {
        producer.close()
        broker.close()
    }

    var properties: KafkaProperties {
        [
            "bootstrap.servers": broker.bootstrap, "session.timeout.ms": "6000",
            "heartbeat.interval.ms": "300", "transaction.timeout.ms": "5000", "socket.timeout.ms": "2500",
        ]
    }

    func settings(lanes: Int = 1, instance: String = "0") -> EngineSettings {
        let halfLife: Int64 = 30 * 86_400_000
        var settings = EngineSettings(
            kafka: properties, group: "shoal", sources: [.canonical(topics: [Self.input])],
            features: [
                FeatureDefinition(
                    name: "purchases", kind: .count(FeatureFilter(), halfLife: halfLife), weight: 0.01),
                FeatureDefinition(
                    name: "order_value", kind: .mean(of: "amount", FeatureFilter(), halfLife: halfLife),
                    transform: .log1p),
            ],
            hash: KeyHash(first: 1, second: 2))
        settings.model.clusterCount = .fixed(2)
        settings.model.warmup = 20
        settings.batch.size = 16
        settings.lanes = lanes
        settings.instance = instance
        settings.commitIntervalMilliseconds = 100
        return settings
    }

    /// A started engine whose lines are gathered.
    func engine(_ settings: EngineSettings, follower: (any OutputFollower)? = nil) throws -> Engine {
        let append = log.append
        let logger = Logger(label: "test") { _ in
            LineLogHandler(format: .text, level: .info, epochMilliseconds: { 0 }, write: append)
        }
        let engine = try Engine(settings: settings, logger: logger, follower: follower)
        engine.start()
        return engine
    }

    static func spendsMuch(_ customer: Int) -> Bool { (customer / 4).isMultiple(of: 2) }

    /// Writes one purchase of each customer and waits until the broker has it.
    func buy(customers: Range<Int>, round: Int) throws {
        let topic = try producer.topic(Self.input)
        for customer in customers {
            let time = Self.startMilliseconds + Int64(round) * 60_000 + Int64(customer)
            let amount = Self.spendsMuch(customer) ? 500 : 5
            let value = Array(
                """
                {"type":"purchase","customer_id":"c\(customer)","timestamp":\(time),"amount":\(amount),\
                "event_id":"e\(round)-\(customer)"}
                """.utf8)
            let key = Array("c\(customer)".utf8)
            try producer.produce(
                to: topic, partition: Int32(customer) % partitionCount, key: key.span, value: value.span,
                headers: [], timestampMilliseconds: time)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    /// Waits until a condition holds.
    func wait(for what: String, _ condition: () throws -> Bool) throws {
        for _ in 0..<Self.waitsMax {
            if try condition() { return }
            producer.poll(timeoutMilliseconds: 50)
        }
        Issue.record("gave up waiting for \(what); the log: \(log.all.joined(separator: "\n"))")
        throw CancellationError()
    }

    /// Everything a topic holds, partition by partition.
    func records(of topic: String) throws -> [TopicRecord] {
        var properties = properties
        properties["enable.partition.eof"] = "true"
        let reader = try KafkaConsumer(group: nil, properties: properties, events: { _ in })
        let count = try reader.partitionCounts([topic], timeoutMilliseconds: 10_000)[topic] ?? 0
        try reader.assign(
            (0..<count).map {
                KafkaPartitionOffset(
                    KafkaTopicPartition(topic: topic, partition: $0), offset: KafkaPartitionOffset.beginning)
            })
        var records: [TopicRecord] = []
        var open = Int(count)
        for _ in 0..<Self.waitsMax where open > 0 {
            let result = try reader.poll(limit: 1_000, timeoutMilliseconds: 50) { record in
                records.append(try TopicRecord(record))
            }
            if case .endOfPartition = result.event { open -= 1 }
        }
        reader.close()
        return records
    }

    /// The changes that the engines wrote, partition by partition.
    func changes() throws -> [ChangeLine] {
        try records(of: "segment-changes").map { try ChangeLine($0) }
    }

    /// The group's committed offset of each input partition; 0 for none.
    func committed() throws -> [Int64] {
        let reader = try KafkaConsumer(group: "shoal", properties: properties, events: { _ in })
        let partitions = (0..<partitionCount).map { KafkaTopicPartition(topic: Self.input, partition: $0) }
        let offsets = try reader.committed(partitions, timeoutMilliseconds: 10_000)
        reader.close()
        return partitions.map { offsets[$0, default: 0] }
    }

    /// The offset after the last record of each input partition.
    func ends() throws -> [Int64] {
        let reader = try KafkaConsumer(group: nil, properties: properties, events: { _ in })
        let ends = try (0..<partitionCount).map { number in
            try reader.watermarks(
                KafkaTopicPartition(topic: Self.input, partition: number), timeoutMilliseconds: 10_000
            ).upperBound
        }
        reader.close()
        return ends
    }
}
