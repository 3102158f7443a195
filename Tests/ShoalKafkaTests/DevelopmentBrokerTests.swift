import Foundation
import ShoalKafka
import Testing

@Suite(.tags(.broker)) struct DevelopmentBrokerTests {
    private static let kcat = ["/usr/bin/kcat", "/usr/local/bin/kcat"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// A port that was free a moment ago.
    private func freePort() throws -> UInt16 {
        let broker = try DevelopmentBroker(port: 0)
        let address = broker.bootstrap
        broker.close()
        return try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
    }

    private func run(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a chosen port is listened on and named in the broker's answers`() throws {
        let port = try freePort()
        let broker = try DevelopmentBroker(
            port: port, topics: [KafkaTopicSpecification(name: "t", partitionCount: 3)])
        #expect(broker.bootstrap == "127.0.0.1:\(port)")
        let properties = KafkaProperties(bootstrap: broker.bootstrap)
        let producer = try KafkaProducer(properties: properties, events: quiet)
        let log = EventLog()
        let consumer = try KafkaConsumer(group: "g", properties: properties, events: log.sink)
        let value = [UInt8](repeating: 7, count: 200_000)
        try producer.produce(producer.topic("t"), partition: 2, key: Array("k".utf8), value: value)
        try producer.flush(timeoutMilliseconds: 30_000)
        try consumer.subscribe(["t"])
        let received = try consumer.read(1)
        #expect(received.first?.value == value)
        try consumer.commit([
            KafkaPartitionOffset(KafkaTopicPartition(topic: "t", partition: 2), offset: 1)
        ])
        var statistics: String?
        for _ in 0..<pollsMax where statistics == nil {
            _ = consumer.nextEvent()
            statistics = log.statistics.last { $0.contains("\"nodeid\":1,") }
        }
        let named = try #require(statistics).matches(of: /127\.0\.0\.1:(\d+)/).map { String($0.1) }
        #expect(Set(named) == [String(port)])
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `a taken port is refused with the port and what to do`() throws {
        let broker = try DevelopmentBroker(port: 0)
        let port = try #require(broker.bootstrap.split(separator: ":").last.flatMap { UInt16($0) })
        let error = #expect(throws: KafkaError.self) {
            let second = try DevelopmentBroker(port: port)
            second.close()
        }
        #expect(error?.place == "listen on 127.0.0.1:\(port)")
        #expect(error?.advice.contains("another port") == true)
        broker.close()
    }

    @Test func `topics are listed with their partitions, and missing ones come into being`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 3)])
        try broker.createTopic("u", partitionCount: 2)
        let admin = try KafkaAdmin(properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try admin.waitForBroker(timeoutMilliseconds: 30_000)
        #expect(try admin.partitionCounts(timeoutMilliseconds: 10_000) == ["t": 3, "u": 2])
        let counts = try admin.ensureTopics(
            [
                KafkaTopicSpecification(name: "t", partitionCount: 3),
                KafkaTopicSpecification(name: "new", partitionCount: 4),
            ], timeoutMilliseconds: 10_000)
        #expect(counts == ["t": 3, "new": 4])
        #expect(throws: KafkaError.self) { try broker.createTopic("t", partitionCount: 1) }
        admin.close()
        broker.close()
    }

    @Test(.enabled(if: kcat != nil, "kcat is not installed"))
    func `kcat reads what was produced, through a chosen port`() throws {
        let broker = try DevelopmentBroker(
            port: 0, topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        let topic = try producer.topic("t")
        for index in 0..<3 {
            try producer.produce(
                topic, partition: 0, key: Array("k\(index)".utf8), value: Array("v\(index)".utf8))
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        let output = try run(
            try #require(Self.kcat),
            [
                "-b", broker.bootstrap, "-C", "-t", "t", "-p", "0", "-o", "beginning", "-e", "-q", "-f",
                "%k=%s\n",
            ])
        #expect(output == "k0=v0\nk1=v1\nk2=v2\n")
        producer.close()
        broker.close()
    }
}
