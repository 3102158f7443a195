internal import Foundation
internal import Testing

@Suite struct BrokerTests {
    @Test func `the development broker holds what is written until it is interrupted`() async throws {
        let broker = try ShoalProcess(["broker", "--topic", "orders:3"])
        #expect(await broker.writes("\n", within: 30))
        let bootstrap = broker.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let written = (0..<30).map { TopicRecord(key: "customer-\($0)", value: "\($0)") }
        try TopicRecord.write(written, to: "orders", at: bootstrap)
        let read = try TopicRecord.read(30, from: "orders", partitions: 3, at: bootstrap)
        #expect(Set(read.compactMap(\.value)) == Set(written.compactMap(\.value)))
        #expect(Set(read.map(\.partition)) == [0, 1, 2])
        broker.kill(SIGINT)
        #expect(await broker.exit(within: 10) == .code(0))
    }

    @Test func `a port that is taken is a failure that names it`() async throws {
        let first = try ShoalProcess(["broker"])
        #expect(await first.writes("\n", within: 30))
        let port = try #require(first.output.split(separator: ":").last).trimmingCharacters(
            in: .whitespacesAndNewlines)
        let second = try await ShoalProcess.run(["broker", "--port", port])
        #expect(second.exit == .code(1))
        #expect(second.errors.contains(port))
    }

    @Test(arguments: [["--topic", "orders:0"], ["--topic", "orders"], ["--port", "70000"]])
    func `an impossible topic or port is bad usage`(arguments: [String]) async throws {
        let result = try await ShoalProcess.run(["broker"] + arguments)
        #expect(result.exit == .code(2))
    }
}
