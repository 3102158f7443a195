internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalTestSupport
internal import Synchronization
internal import Testing

/// A shop on a development broker, for daemons that are treated badly, and a reference of what their state
/// must be worth afterwards.
///
/// No model is ever learned, so a daemon's state is its customers' features, which follow from the input
/// alone.
struct FaultShop {
    static let partitions: Int32 = 2
    let folder: TemporaryFolder
    let bootstrap: String
    /// A process of its own, because librdkafka's mock cluster may abort where members come and go.
    private let brokerProcess: ShoalProcess?

    /// A shop whose broker is a process of its own.
    ///
    /// - Parameters:
    ///   - port: the broker's; `nil` takes a free one.
    ///   - inputPartitions: of the input.
    /// - Throws: when the broker does not start.
    init(port: UInt16? = nil, inputPartitions: Int32 = Self.partitions) async throws {
        let arguments = ["--topic", "shop:\(inputPartitions)", "--topic", "dead-letters:\(Self.partitions)"]
        let broker = try ShoalProcess(["broker"] + arguments + (port.map { ["--port", "\($0)"] } ?? []))
        try #require(await broker.writes("\n", within: 30), "\(broker.errors)")
        bootstrap = broker.output.trimmingCharacters(in: .whitespacesAndNewlines)
        brokerProcess = broker
        folder = try TemporaryFolder()
    }

    /// A shop whose broker is the test's, made by `localBroker`.
    init(on broker: borrowing DevelopmentBroker) throws {
        bootstrap = broker.bootstrap
        brokerProcess = nil
        folder = try TemporaryFolder()
    }

    /// Ends the broker's process; it forgets everything.
    func endBroker() async { _ = await brokerProcess?.stops(by: SIGKILL) }

    /// Where to look for the next free port; another place for each process.
    private static let nextPort = Mutex(20_000 + UInt16(getpid() % 9_000))

    /// A port that nobody listens on, that no other test is given, and that the system gives to nobody who
    /// does not ask for it by number.
    static func freePort() throws -> UInt16 {
        for _ in 0..<1_000 {
            let port = nextPort.withLock { port in
                port += 1
                return port
            }
            guard let broker = try? DevelopmentBroker(port: port) else { continue }
            broker.close()
            return port
        }
        throw CocoaError(.featureUnsupported)
    }

    /// A broker in this process, which can be made to fail.
    static func localBroker() throws -> DevelopmentBroker {
        try DevelopmentBroker(
            topics: ["shop", "dead-letters"].map {
                KafkaTopicSpecification(name: $0, partitionCount: Self.partitions)
            })
    }

    /// A configuration of a group of its own that saves its partitions every second.
    static func configuration(_ group: String, bootstrap: String) -> String {
        """
        kafka: {bootstrap: "\(bootstrap)", group: \(group), session.timeout.ms: 6000}
        sources: [{name: shop, topics: [shop]}]
        lanes: 1
        commit_interval: 100ms
        model: {warmup: 10000}
        state: {interval: 1s}
        log: {level: debug}
        """
    }

    /// A session so long that no pause of a test, on whatever machine, outlives it.
    static let patience = [
        "SHOAL_KAFKA__SESSION_TIMEOUT_MS": "600000", "SHOAL_KAFKA__MAX_POLL_INTERVAL_MS": "900000",
    ]

    /// Where a group's snapshots are, unless a test says otherwise.
    var stateDirectory: String { folder.path("state") }

    func store(_ group: String) -> SnapshotStore {
        SnapshotSettings(directory: stateDirectory).store(ofGroup: group)
    }

    /// Starts a daemon.
    ///
    /// - Parameters:
    ///   - group: its consumer group.
    ///   - more: arguments besides the configuration.
    ///   - environment: on top of the test's own.
    ///   - wrapper: a command that runs the one after it.
    /// - Returns: the daemon.
    /// - Throws: what the system said if it cannot be started.
    func start(
        _ group: String, _ more: [String] = [], environment: [String: String] = [:],
        under wrapper: [String] = []
    ) throws -> ShoalProcess {
        let path = try folder.write(
            "\(group).yaml", Self.configuration(group, bootstrap: bootstrap))
        return try ShoalProcess(
            ["run", "--config", path] + more,
            environment: ["SHOAL_STATE__DIRECTORY": stateDirectory].merging(environment) { $1 },
            under: wrapper)
    }

    /// Lets a daemon do all that is left; it must end by itself, and well.
    func finish(_ group: String, environment: [String: String] = [:]) async throws -> ShoalProcess {
        let daemon = try start(group, ["--stop-when-idle", "1"], environment: environment)
        #expect(await daemon.exit(within: 90) == .code(0), "\(daemon.errors)")
        return daemon
    }

    /// Writes events of some three hundred shoppers.
    func fill(seed: Int, events: Int) async throws {
        let result = try await ShoalProcess.run([
            "simulate", "--events", "\(events)", "--customers", "300", "--seed", "\(seed)",
            "--to", "kafka://\(bootstrap)/shop",
        ])
        #expect(result.exit == .code(0), "\(result.errors)")
    }

    /// Records that a group has committed, once they are `count`, or after about `seconds`.
    func committed(_ group: String, reaching count: Int64, within seconds: Int = 60) async throws -> Int64 {
        // On a thread of its own: those that all tests share must not be held while a daemon works.
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try awaitCommit(group, count, seconds) })
            }
        }
    }

    private func awaitCommit(_ group: String, _ count: Int64, _ seconds: Int) throws -> Int64 {
        let reader = try KafkaConsumer(
            group: group, properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
        let partitions = (0..<Self.partitions).map { KafkaTopicPartition(topic: "shop", partition: $0) }
        var found: Int64 = 0
        for _ in 0..<seconds * 10 {
            // A broker that refuses connections for a while is one of the faults.
            let offsets = try? reader.committed(partitions, timeoutMilliseconds: 5_000)
            found = offsets?.values.reduce(0, +) ?? found
            if found >= count { break }
            _ = reader.poll(limit: 1, timeoutMilliseconds: 100) { (_: borrowing KafkaRecord) in }
        }
        reader.close()
        return found
    }

    private static func plan() throws -> FeaturePlan { try FeaturePlan(ShoalConfiguration().features) }

    private static func settings(_ partition: Int32) -> ShardSettings {
        ShardSettings(
            model: ModelSettings(), batch: BatchSettings(), partition: partition, topics: ["shop"],
            writesCurrentSegments: true, hash: KeyHash(first: 1, second: 2))
    }

    /// Every customer of a group's newest snapshots, in order; each of these must be sound.
    func profiles(_ group: String) throws -> [String] { try profiles(in: store(group)) }

    func profiles(in store: SnapshotStore) throws -> [String] {
        var profiles: [String] = []
        for partition in 0..<Self.partitions {
            let loaded = store.load(
                partition: partition, plan: try Self.plan(), settings: Self.settings(partition),
                refuse: { _ in nil }, report: { Issue.record("\($0)") })
            guard let loaded else { continue }
            loaded.shard.forEachProfile { profiles.append("\($0)") }
        }
        return profiles
    }

    /// What one thread that nothing ever happens to makes of the input as it is now.
    func reference() throws -> [String] {
        let plan = try Self.plan()
        var profiles: [String] = []
        let records = try TopicRecord.readAll("shop", partitions: Self.partitions, at: bootstrap)
        var decoder = EventDecoder(
            source: .canonical(topics: ["shop"]), schema: plan.schema, limits: EventLimits())
        for partition in 0..<Self.partitions {
            var shard = Shard(plan: plan, settings: Self.settings(partition))
            var outputs = OutputBuffer()
            for record in records where record.partition == partition {
                guard let bytes = record.bytes else { continue }
                let timestamp = record.timestampMilliseconds
                let latest = (timestamp ?? 0) + 3_600_000
                // Safe: the bytes live until the closure returns, and the shard copies what it keeps.
                unsafe bytes.withUnsafeBytes { bytes in
                    let outcome = unsafe decoder.decode(
                        bytes, isPadded: false, recordTimestampMilliseconds: timestamp,
                        latestMilliseconds: latest)
                    guard case .event = outcome else { return }
                    let position = EventPosition(topic: 0, partition: partition, offset: record.offset)
                    _ = shard.absorb(decoder.event, at: position, now: 0, into: &outputs)
                    if shard.summaryIsDue(now: 0) { _ = shard.takeSummary() }
                    outputs.removeAll()
                }
            }
            shard.forEachProfile { profiles.append("\($0)") }
        }
        return profiles
    }
}
