internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// `shoal topics create` and `shoal check --broker`.
@Suite struct TopicsTests {
    private let folder = try? TemporaryFolder()

    private func configuration(_ bootstrap: String) throws -> String {
        try #require(folder).write(
            "shoal.yaml",
            """
            kafka: {bootstrap: \(bootstrap)}
            sources:
              - {name: shop, topics: [orders, views]}
            """)
    }

    @Test func `what the broker lacks is named, and is there after it was created`() async throws {
        let broker = try ShoalProcess(["broker", "--topic", "orders:3", "--topic", "views:3"])
        #expect(await broker.writes("\n", within: 30))
        let path = try configuration(broker.output.trimmingCharacters(in: .whitespacesAndNewlines))

        let before = try await ShoalProcess.run(["check", "--config", path, "--broker"])
        #expect(before.exit == .code(1))
        #expect(before.errors.contains("missing: segment-changes, customer-segments"))

        let dry = try await ShoalProcess.run(["topics", "create", "--config", path, "--dry-run"])
        #expect(dry.exit == .code(0))
        #expect(dry.output.contains("would create segment-changes, customer-segments"))
        #expect(dry.output.contains("3 partitions, cleanup.policy=compact, output, missing"))
        let still = try await ShoalProcess.run(["check", "--config", path, "--broker"])
        #expect(still.exit == .code(1))

        let created = try await ShoalProcess.run(["topics", "create", "--config", path])
        #expect(created.output.contains("created segment-changes, customer-segments"))
        #expect(!created.output.contains("missing"))
        let again = try await ShoalProcess.run(["topics", "create", "--config", path])
        #expect(again.output.contains("nothing to create"))
        let after = try await ShoalProcess.run(["check", "--config", path, "--broker"])
        #expect(after.exit == .code(0), "\(after.errors)")
        broker.kill(SIGINT)
        #expect(await broker.exit(within: 10) == .code(0))
    }

    @Test func `where no input exists somebody has to say how many partitions`() async throws {
        let broker = try ShoalProcess(["broker"])
        #expect(await broker.writes("\n", within: 30))
        let path = try configuration(broker.output.trimmingCharacters(in: .whitespacesAndNewlines))
        let unknown = try await ShoalProcess.run(["topics", "create", "--config", path])
        #expect(unknown.exit == .code(1))
        #expect(unknown.errors.contains("--partitions"))
        let told = try await ShoalProcess.run(
            ["topics", "create", "--config", path, "--partitions", "5", "--dry-run"])
        #expect(told.output.contains("5 partitions, input, missing"))
        let wrong = try await ShoalProcess.run(["topics", "create", "--config", path, "--partitions", "0"])
        #expect(wrong.exit == .code(2))
        broker.kill(SIGINT)
        #expect(await broker.exit(within: 10) == .code(0))
    }

    @Test func `a broker that does not answer is a failure that names it`() async throws {
        let path = try configuration("127.0.0.1:1")
        let result = try await ShoalProcess.run(["check", "--config", path, "--broker"])
        #expect(result.exit == .code(1))
        #expect(result.errors.contains("127.0.0.1:1"))
    }
}
