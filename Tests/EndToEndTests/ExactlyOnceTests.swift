internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon's transactions, against a broker that keeps their offsets; `SHOAL_TANSU` holds its
/// `host:port`, as `Deploy/tansu start` prints it.
@Suite(
    .serialized,
    .enabled(if: ProcessInfo.processInfo.environment["SHOAL_TANSU"] != nil, "SHOAL_TANSU names no broker"))
struct ExactlyOnceTests {
    /// A topic of its own with events in it, and a configuration that reads it.
    private struct Shop {
        static let partitions: Int32 = 2
        let folder: TemporaryFolder
        let name: String
        let bootstrap = ProcessInfo.processInfo.environment["SHOAL_TANSU"] ?? ""
        let configuration: String

        init() throws {
            let folder = try TemporaryFolder()
            let name = folder.url.lastPathComponent
            configuration = try folder.write(
                "shoal.yaml",
                """
                kafka:
                  bootstrap: \(bootstrap)
                  group: \(name)
                  session.timeout.ms: 6000
                  # Tansu makes a member wait so long for one that has died.
                  max.poll.interval.ms: 15000
                instance: first
                state: {directory: "\(folder.path("state"))"}
                lanes: 1
                topics: {events: \(name), changes: \(name).changes, segments: \(name).segments,
                         dead_letters: \(name).dead, summaries: \(name).summaries, model: \(name).model,
                         alerts: \(name).alerts}
                # A summary carries 64 vectors, and all events of a partition may come in one.
                model: {k: 4, warmup: 100}
                batch: {size: 128}
                """)
            self.folder = folder
            self.name = name
            let admin = try KafkaAdmin(properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
            _ = try admin.ensureTopics(
                [KafkaTopicSpecification(name: name, partitionCount: Self.partitions)],
                timeoutMilliseconds: 30_000)
            admin.close()
        }

        func fill(events: Int, seed: Int) async throws {
            let result = try await ShoalProcess.run([
                "simulate", "--events", "\(events)", "--customers", "400", "--seed", "\(seed)",
                "--to", "kafka://\(bootstrap)/\(name)",
            ])
            #expect(result.exit == .code(0), "\(result.errors)")
        }

        func run(_ environment: [String: String] = [:]) throws -> ShoalProcess {
            try ShoalProcess(["run", "--config", configuration], environment: environment)
        }

        /// Works until everything is done.
        func finish() async throws -> ShoalProcess.Result {
            try await ShoalProcess.run(
                ["run", "--config", configuration, "--stop-when-idle", "1"], within: 120)
        }

        /// Revisions by customer, in the order in which they were first told.
        func revisions() throws -> [String: [Int]] {
            struct Change: Decodable { let change_id: String, customer_id: String, revision: Int }
            var seen: Set<String> = []
            var revisions: [String: [Int]] = [:]
            for record in try TopicRecord.read(
                .max, from: "\(name).changes", partitions: Self.partitions, at: bootstrap, within: 3)
            {
                let change = try JSONDecoder().decode(Change.self, from: Data((record.value ?? "").utf8))
                guard seen.insert(change.change_id).inserted else { continue }
                revisions[change.customer_id, default: []].append(change.revision)
            }
            return revisions
        }

        /// Records that the group has committed.
        func committedCount() throws -> Int64 {
            let reader = try KafkaConsumer(
                group: name, properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
            let offsets = try reader.committed(
                (0..<Self.partitions).map { KafkaTopicPartition(topic: name, partition: $0) },
                timeoutMilliseconds: 10_000)
            reader.close()
            return offsets.values.reduce(0, +)
        }
    }

    @Test(arguments: ["produced:2", "offsets-sent:2", "committing:2", "committed:2"])
    func `killed at any point of a transaction, it loses and doubles nothing`(point: String) async throws {
        let shop = try Shop()
        try await shop.fill(events: 4_000, seed: 5)
        let doomed = try shop.run(["SHOAL_CRASH_AT": point])
        // What it writes comes in several transactions: more events arrive while it works.
        #expect(await doomed.logs("assigned", within: 60), "\(doomed.errors)")
        try await shop.fill(events: 4_000, seed: 6)
        #expect(await doomed.exit(within: 60) == .signal(SIGKILL), "\(point): \(doomed.errors)")
        try await expectWhole(shop)
    }

    @Test func `killed while it recovers, it recovers at the next start`() async throws {
        let shop = try Shop()
        try await shop.fill(events: 4_000, seed: 5)
        _ = try await shop.finish()
        try await shop.fill(events: 4_000, seed: 6)
        let doomed = try shop.run(["SHOAL_CRASH_AT": "recovering:1"])
        #expect(await doomed.exit(within: 60) == .signal(SIGKILL), "\(doomed.errors)")
        try await expectWhole(shop)
    }

    /// Lets the daemon finish, and expects that all 8,000 events are committed and no change is missing.
    private func expectWhole(_ shop: Shop) async throws {
        let last = try await shop.finish()
        #expect(last.exit == .code(0), "\(last.errors)")
        #expect(try shop.committedCount() == 8_000)
        let revisions = try shop.revisions()
        #expect(revisions.count > 300)
        for (customer, revisions) in revisions {
            #expect(revisions == Array(1...revisions.count), "\(customer)")
        }
    }

    @Test func `SIGTERM commits what is done and ends within ten seconds`() async throws {
        let shop = try Shop()
        try await shop.fill(events: 4_000, seed: 5)
        let daemon = try shop.run()
        #expect(await daemon.logs("first model", within: 60), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
        #expect(daemon.errors.contains("everything processed is committed"))
        #expect(try shop.committedCount() == 4_000)
    }

    @Test func `fenced by another producer of its identity it stops, and commits nothing more`() async throws
    {
        let shop = try Shop()
        try await shop.fill(events: 4_000, seed: 5)
        let daemon = try shop.run()
        #expect(await daemon.logs("first model", within: 60), "\(daemon.errors)")
        let thief = try KafkaProducer(
            properties: [
                "bootstrap.servers": shop.bootstrap, "transactional.id": "\(shop.name)-first-lane 0",
            ], events: { _ in })
        try thief.initialiseTransactions(timeoutMilliseconds: 20_000)
        thief.close()
        try await shop.fill(events: 1_000, seed: 6)
        #expect(await daemon.exit(within: 30) == .code(1), "\(daemon.errors)")
        #expect(daemon.errors.contains("another process has taken over the transactional id"))
        #expect(try shop.committedCount() == 4_000)
    }
}
