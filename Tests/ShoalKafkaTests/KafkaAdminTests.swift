import Foundation
import ShoalKafka
import Testing

/// Against a broker that creates topics on request; `SHOAL_TANSU` holds its `host:port`, as
/// `Deploy/tansu start` prints it.
@Suite(
    .tags(.broker),
    .enabled(if: ProcessInfo.processInfo.environment["SHOAL_TANSU"] != nil, "SHOAL_TANSU names no broker"))
struct KafkaAdminTests {
    private let bootstrap = ProcessInfo.processInfo.environment["SHOAL_TANSU"] ?? ""
    /// Differs per run, since the broker keeps topics between runs.
    private let name = "admin-\(UUID().uuidString)"

    @Test func `missing topics are created with their partitions, and existing ones are left alone`() throws {
        let admin = try KafkaAdmin(properties: KafkaProperties(bootstrap: bootstrap), events: quiet)
        try admin.waitForBroker(timeoutMilliseconds: 30_000)
        let wanted = KafkaTopicSpecification(
            name: name, partitionCount: 5, replicationFactor: 1, settings: ["cleanup.policy": "compact"])
        #expect(try admin.ensureTopics([wanted], timeoutMilliseconds: 30_000) == [name: 5])
        let other = KafkaTopicSpecification(name: name, partitionCount: 7, replicationFactor: 1)
        #expect(try admin.ensureTopics([other], timeoutMilliseconds: 30_000) == [name: 5])
        let policies = try admin.setting("cleanup.policy", ofTopics: [name], timeoutMilliseconds: 30_000)
        #expect(policies == [name: "compact"])
        admin.close()
    }

    @Test func `a member writes, reads, commits and hands over on a broker of another make`() throws {
        var properties = KafkaProperties(bootstrap: bootstrap)
        let admin = try KafkaAdmin(properties: properties, events: quiet)
        let topic = KafkaTopicSpecification(name: name, partitionCount: 1, replicationFactor: 1)
        _ = try admin.ensureTopics([topic], timeoutMilliseconds: 30_000)
        admin.close()
        let producer = try KafkaProducer(properties: properties, events: quiet)
        let handle = try producer.topic(name)
        for byte in 0..<9 as Range<UInt8> {
            try producer.produce(handle, partition: 0, key: [byte], value: byte == 4 ? nil : [byte])
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        producer.close()
        properties["session.timeout.ms"] = "6000"
        let zero = KafkaTopicPartition(topic: name, partition: 0)
        do {
            let consumer = try KafkaConsumer(group: name, properties: properties, events: quiet)
            try consumer.subscribe([name])
            #expect(try consumer.read(9).map(\.key) == (0..<9).map { [$0] })
            try consumer.commit([KafkaPartitionOffset(zero, offset: 4)])
            consumer.close()
        }
        let consumer = try KafkaConsumer(group: name, properties: properties, events: quiet)
        try consumer.subscribe([name])
        #expect(try consumer.read(5).map(\.value) == [nil, [5], [6], [7], [8]])
        #expect(try consumer.committed([zero], timeoutMilliseconds: 30_000) == [zero: 4])
        consumer.close()
    }
}
