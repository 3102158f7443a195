internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon's state directory: what a killed process leaves, and what the next makes of it.
@Suite struct StateTests {
    private static let partitions: Int32 = 2

    private struct Shop: ~Copyable {
        let folder: TemporaryFolder
        let broker: DevelopmentBroker

        init(topics: [String] = []) throws {
            let folder = try TemporaryFolder()
            let broker = try DevelopmentBroker(
                topics: (["shop"] + topics).map {
                    KafkaTopicSpecification(name: $0, partitionCount: StateTests.partitions)
                })
            self.folder = folder
            self.broker = broker
        }

        /// A configuration of a group of its own, which never learns a model: its state is the features.
        func configuration(_ group: String, topic: String = "none") throws -> String {
            try folder.write(
                "\(group).yaml",
                """
                kafka: {bootstrap: "\(broker.bootstrap)", group: \(group), session.timeout.ms: 6000,
                        auto.offset.reset: earliest}
                sources: [{name: shop, topics: [shop]}]
                lanes: 1
                commit_interval: 100ms
                model: {warmup: 10000}
                state: {directory: "\(folder.path("state"))", interval: 1s, topic: \(topic)}
                log: {level: debug}
                """)
        }

        func fill(seed: Int, events: Int) async throws {
            let result = try await ShoalProcess.run([
                "simulate", "--events", "\(events)", "--customers", "300", "--seed", "\(seed)",
                "--to", "kafka://\(broker.bootstrap)/shop",
            ])
            #expect(result.exit == .code(0), "\(result.errors)")
        }

        var environment: [String: String] { ["SHOAL_STATE__DIRECTORY": folder.path("state")] }

        func start(_ group: String, _ more: [String] = []) throws -> ShoalProcess {
            try ShoalProcess(
                ["run", "--config", configuration(group)] + more, environment: environment)
        }

        func store(_ group: String, in directory: String = "state") -> SnapshotStore {
            SnapshotSettings(directory: folder.path(directory)).store(ofGroup: group)
        }

        /// Every customer of a group's newest snapshots, in order.
        func profiles(_ group: String, in directory: String = "state") throws -> [String] {
            var profiles: [String] = []
            for partition in 0..<StateTests.partitions {
                let plan = try FeaturePlan(ShoalConfiguration().features)
                let settings = ShardSettings(
                    model: ModelSettings(), batch: BatchSettings(), partition: partition, topics: ["shop"],
                    writesCurrentSegments: true, hash: KeyHash(first: 1, second: 2))
                guard
                    let loaded = store(group, in: directory).load(
                        partition: partition, plan: plan, settings: settings, refuse: { _ in nil },
                        report: { Issue.record("\($0)") })
                else { continue }
                loaded.shard.forEachProfile { profiles.append("\($0)") }
            }
            return profiles
        }
    }

    @Test func `killed and started again, it has what it would have had`() async throws {
        let shop = try Shop()
        try await shop.fill(seed: 1, events: 4_000)
        let killed = try shop.start("killed")
        #expect(await killed.logs("of partition 0, ", within: 60), "\(killed.errors)")
        #expect(await killed.logs("of partition 1, ", within: 60), "\(killed.errors)")
        killed.kill(SIGKILL)
        _ = await killed.exit(within: 10)
        try await shop.fill(seed: 2, events: 2_000)
        let restarted = try shop.start("killed", ["--stop-when-idle", "2"])
        #expect(await restarted.exit(within: 90) == .code(0), "\(restarted.errors)")
        #expect(restarted.errors.contains("customers from "), "\(restarted.errors)")
        let undisturbed = try shop.start("undisturbed", ["--stop-when-idle", "2"])
        #expect(await undisturbed.exit(within: 90) == .code(0), "\(undisturbed.errors)")
        let (found, expected) = (try shop.profiles("killed"), try shop.profiles("undisturbed"))
        #expect(found.count > 200)
        #expect(found == expected)
    }

    @Test func `a machine with an empty directory takes over through the topic`() async throws {
        let shop = try Shop(topics: ["shop.state"])
        try await shop.fill(seed: 4, events: 2_000)
        func run(on machine: String) async throws -> ShoalProcess {
            let process = try ShoalProcess(
                [
                    "run", "--config", try shop.configuration("moved", topic: "shop.state"),
                    "--stop-when-idle", "2",
                ],
                environment: ["SHOAL_STATE__DIRECTORY": shop.folder.path(machine)])
            #expect(await process.exit(within: 90) == .code(0), "\(process.errors)")
            return process
        }
        _ = try await run(on: "here")
        let second = try await run(on: "there")
        #expect(second.errors.contains("no snapshot here to go on from; asking shop.state"))
        #expect(second.errors.contains("customers from \(shop.folder.path("there"))/moved/partition-1"))
        #expect(!second.errors.contains("no snapshot of"), "\(second.errors)")
        let profiles = try shop.profiles("moved", in: "there")
        #expect(try profiles == shop.profiles("moved", in: "here") && profiles.count > 200)
    }

    @Test func `damaged snapshots are passed over, one after the other, and named`() async throws {
        let shop = try Shop()
        try await shop.fill(seed: 3, events: 2_000)
        let first = try shop.start("damaged", ["--stop-when-idle", "2"])
        #expect(await first.exit(within: 90) == .code(0), "\(first.errors)")
        let files = shop.store("damaged").files(of: 0)
        #expect(!files.isEmpty)
        for file in files {
            var bytes = try Data(contentsOf: URL(filePath: file))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(filePath: file))
        }
        let verified = try await ShoalProcess.run(["state", "verify", shop.folder.path("state")])
        #expect(verified.exit == .code(1))
        #expect(verified.errors.contains("it is damaged"), "\(verified.errors)")
        #expect(verified.output.contains("sound, partition 1, "), "\(verified.output)")
        let second = try shop.start("damaged", ["--stop-when-idle", "2"])
        #expect(await second.exit(within: 90) == .code(0), "\(second.errors)")
        #expect(second.errors.contains("a snapshot is passed over: \(files[0]): it is damaged"))
        #expect(second.errors.contains("no snapshot of 0: replaying"), "\(second.errors)")
        let undisturbed = try shop.start("undisturbed", ["--stop-when-idle", "2"])
        #expect(await undisturbed.exit(within: 90) == .code(0), "\(undisturbed.errors)")
        let (found, expected) = (try shop.profiles("damaged"), try shop.profiles("undisturbed"))
        #expect(found == expected && found.count > 200)
    }

    @Test func `a state directory that cannot be made ends it with the reason`() async throws {
        let shop = try Shop()
        let file = try shop.folder.write("file", "")
        let result = try await ShoalProcess.run(
            ["run", "--config", shop.configuration("none")],
            environment: ["SHOAL_STATE__DIRECTORY": "\(file)/state"])
        #expect(result.exit == .code(1))
        #expect(result.errors.contains("state.directory: \(file)/state"), "\(result.errors)")
    }
}
