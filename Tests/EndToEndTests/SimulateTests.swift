internal import Foundation
internal import ShoalKafka
internal import Testing

@Suite struct SimulateTests {
    @Test func `the same options give the same lines, and the truth knows every customer`() async throws {
        let folder = try TemporaryFolder()
        let arguments = [
            "simulate", "--customers", "200", "--events", "3000", "--seed", "9", "--drift-at", "10d",
            "--truth",
        ]
        let first = try await ShoalProcess.run(arguments + [folder.path("first.csv")])
        let second = try await ShoalProcess.run(arguments + [folder.path("second.csv")])
        #expect(first.exit == .code(0))
        #expect(first.errors.isEmpty)
        #expect(first.output == second.output)
        #expect(first.output.utf8.count { $0 == UInt8(ascii: "\n") } == 3_000)
        let truth = try folder.lines("first.csv")
        #expect(try truth == folder.lines("second.csv"))
        #expect(truth.count == 201)
        #expect(truth.first == "customer_id,behaviour,switch_to,switch_time,drift_to,drift_time")
    }

    @Test func `an endless paced stream ends cleanly when it is interrupted`() async throws {
        let process = try ShoalProcess(["simulate", "--rate", "200"])
        #expect(await process.writes("\n", within: 30))
        process.kill(SIGINT)
        #expect(await process.exit(within: 30) == .code(0))
        #expect(process.output.hasSuffix("}\n"))
        #expect(process.errors.isEmpty)
    }

    @Test(arguments: [
        ["--customers", "0"], ["--rate", "1e300"], ["--late", "2"], ["--drift-at", "soon"], ["--days", "3"],
        ["--start", "yesterday"], ["--to", "kafka://nowhere"],
        ["--speed-up", "2", "--days", "2", "--events", "9"],
    ])
    func `impossible options are bad usage`(arguments: [String]) async throws {
        let result = try await ShoalProcess.run(["simulate"] + arguments)
        #expect(result.exit == .code(2))
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("Error: "))
    }

    @Test func `a truth that cannot be written is a failure before the first line`() async throws {
        let result = try await ShoalProcess.run([
            "simulate", "--events", "1", "--truth", "/dev/null/truth.csv",
        ])
        #expect(result.exit == .code(1))
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("/dev/null/truth.csv"))
    }

    @Test func `into Kafka every event goes under its customer's key and at its time`() async throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "shop", partitionCount: 1)])
        let arguments = ["simulate", "--events", "500", "--seed", "3", "--start", "1767225600000"]
        let printed = try await ShoalProcess.run(arguments)
        let sent = try await ShoalProcess.run(arguments + ["--to", "kafka://\(broker.bootstrap)/shop"])
        #expect(sent.exit == .code(0))
        #expect(sent.output.isEmpty)
        #expect(sent.errors.contains("500 events sent"))

        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: { _ in })
        let partition = KafkaTopicPartition(topic: "shop", partition: 0)
        try consumer.assign([KafkaPartitionOffset(partition, offset: KafkaPartitionOffset.beginning)])
        var lines: [String] = []
        var times: [Int64] = []
        for _ in 0..<300 where lines.count < 500 {
            _ = consumer.poll(limit: 500, timeoutMilliseconds: 100) { (record: borrowing KafkaRecord) in
                let value = text(record.value)
                #expect(value.contains(#""customer_id":"\#(text(record.key))""#))
                lines.append(value)
                times.append(record.timestampMilliseconds ?? 0)
            }
        }
        #expect(lines.joined(separator: "\n") + "\n" == printed.output)
        #expect(times == times.sorted())
        #expect(times.first == 1_767_225_600_000)
        consumer.close()
        broker.close()
    }

    private func text(_ span: Span<UInt8>?) -> String {
        guard let span else { return "" }
        return String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
    }
}
