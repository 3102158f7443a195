internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
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

        let records = try TopicRecord.read(500, from: "shop", at: broker.bootstrap)
        #expect(records.compactMap(\.value).joined(separator: "\n") + "\n" == printed.output)
        for record in records {
            #expect(record.value?.contains(#""customer_id":"\#(record.key)""#) == true)
        }
        let times = records.compactMap(\.timestampMilliseconds)
        #expect(times == times.sorted())
        #expect(times.first == 1_767_225_600_000)
        broker.close()
    }
}
