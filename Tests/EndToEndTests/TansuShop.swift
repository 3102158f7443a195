internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// A topic of its own with events in it, and a configuration that reads it; on the broker that `SHOAL_TANSU`
/// names.
struct TansuShop {
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
