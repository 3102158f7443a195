internal import Foundation
internal import ShoalEngine
internal import ShoalTestSupport
internal import Testing

/// The daemon on disks that fill up, refuse, or give back something else than was written.
@Suite struct SnapshotFaultTests {
    @Test(.enabled(if: SmallDisk.isPossible, "this process may not mount a file system"))
    func `on a full disk the snapshot before stays, and the next is taken when there is room`() async throws {
        let shop = try await FaultShop()
        let disk = try SmallDisk()
        let environment = ["SHOAL_STATE__DIRECTORY": disk.path, "SHOAL_HTTP__LISTEN": "127.0.0.1:0"]
        try await shop.fill(seed: 1, events: 2_000)
        let daemon = try shop.start("full", environment: environment)
        for partition in 0..<FaultShop.partitions {
            #expect(await daemon.logs("of partition \(partition), ", within: 60), "\(daemon.errors)")
        }
        try disk.fill()
        try await shop.fill(seed: 2, events: 2_000)
        #expect(await daemon.logs("is not saved, the snapshot before stays", within: 30), "\(daemon.errors)")
        #expect(daemon.errors.contains("No space left on device"), "\(daemon.errors)")
        let metrics = try await HTTPClient.curl(["\(HTTPClient.address(of: daemon))/metrics"])
        func snapshots(_ outcome: String) -> Int? {
            let start = "shoal_snapshots_total{outcome=\"\(outcome)\"} "
            let line = metrics.split(separator: "\n").first { $0.hasPrefix(start) }
            return line.flatMap { Int($0.dropFirst(start.count)) }
        }
        #expect(try #require(snapshots("failed")) > 0 && snapshots("unsent") == 0, "\(metrics)")
        #expect(try #require(snapshots("saved")) >= FaultShop.partitions, "\(metrics)")
        #expect(try await shop.committed("full", reaching: 4_000) == 4_000, "\(daemon.errors)")
        daemon.kill(SIGKILL)
        _ = await daemon.exit(within: 60)
        let second = try shop.start("full", environment: environment)
        #expect(await second.logs("customers from \(disk.path)", within: 60), "\(second.errors)")
        #expect(await second.logs("recovered: ", within: 60), "\(second.errors)")
        try disk.empty()
        for partition in 0..<FaultShop.partitions {
            #expect(await second.logs("of partition \(partition), ", within: 30), "\(second.errors)")
        }
        #expect(await second.stops() == .code(0), "\(second.errors)")
        let store = SnapshotSettings(directory: disk.path).store(ofGroup: "full")
        let found = try shop.profiles(in: store)
        #expect(try found.count > 200 && found == shop.reference())
    }

    /// A system call that fails, and what the daemon says of it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let wrapper: [String]
        let words: String
        var testDescription: String { words }

        static let all = [
            Refusal(wrapper: ["prlimit", "--fsize=4096"], words: "File too large"),
            Refusal(
                wrapper: strace("fsync:error=EIO:when=1"), words: "cannot be made durable: Input/output error"
            ),
            Refusal(
                wrapper: strace("rename:error=EROFS:when=1+2"),
                words: "cannot be renamed: Read-only file system"),
        ]

        /// Traces in a process of its own, so that the daemon keeps the number that signals go to.
        private static func strace(_ injection: String) -> [String] {
            let call = injection.prefix { $0 != ":" }
            return [
                "strace", "-D", "-f", "--seccomp-bpf", "-qqq", "-o", "/dev/null", "-e", "trace=\(call)", "-e",
                "inject=\(injection)",
            ]
        }
    }

    @Test(
        .enabled(if: SystemTool.canTrace && SystemTool.exist("prlimit"), "no process may be traced here"),
        arguments: Refusal.all)
    func `what the system refuses is never half a snapshot`(refusal: Refusal) async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 3, events: 3_000)
        let daemon = try shop.start("refused", under: refusal.wrapper)
        #expect(await daemon.logs("is not saved, the snapshot before stays", within: 60), "\(daemon.errors)")
        #expect(daemon.errors.contains(refusal.words), "\(daemon.errors)")
        #expect(try await shop.committed("refused", reaching: 3_000) == 3_000, "\(daemon.errors)")
        #expect(await daemon.stops() == .code(0), "\(daemon.errors)")
        // Those that are there are whole: none is reported here.
        _ = try shop.profiles("refused")
        try await shop.fill(seed: 4, events: 1_000)
        _ = try await shop.finish("refused")
        let found = try shop.profiles("refused")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test func `every damage is found, and the daemon goes on from the snapshot before it`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 5, events: 3_000)
        _ = try await shop.finish("damaged")
        let sound = shop.store("damaged").files(of: 0)[0]
        let whole = try Data(contentsOf: URL(filePath: sound))
        // All of them at once, newer than the sound one, which is the last to be tried.
        let damages = SnapshotDamage.all(of: whole)
        for (number, damage) in damages.enumerated() {
            let name = "partition-0.0000001\(String(format: "%05d", number)).snapshot"
            try damage.bytes.write(
                to: URL(filePath: shop.store("damaged").directory).appending(path: name))
        }
        // A sound one, of another partition.
        let other = shop.store("damaged").files(of: 1)[0]
        try FileManager.default.copyItem(
            atPath: other, toPath: "\(shop.store("damaged").directory)/partition-0.000000200000.snapshot")
        let verified = try await ShoalProcess.run(["state", "verify", shop.stateDirectory])
        #expect(verified.exit == .code(1))
        let soundCount = verified.output.split(separator: "\n").count { $0.contains(": sound, ") }
        let foundCount = verified.errors.split(separator: "\n").count { $0.contains("partition-0.0000001") }
        #expect(foundCount == damages.count, "\(verified.errors)")
        let files = [0, 1].map { shop.store("damaged").files(of: $0).count }
        #expect(soundCount == files[0] + files[1] - damages.count)

        try await shop.fill(seed: 6, events: 1_000)
        let daemon = try await shop.finish("damaged")
        let passedOver = daemon.lineCount(with: "a snapshot is passed over: ")
        #expect(passedOver == damages.count + 1, "\(daemon.errors.suffix(3_000))")
        #expect(daemon.errors.contains("customers from \(sound)"), "\(daemon.errors.suffix(3_000))")
        for file in shop.store("damaged").files(of: 0) where file.contains("partition-0.0000001") {
            try FileManager.default.removeItem(atPath: file)
        }
        let found = try shop.profiles("damaged")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test(
        .enabled(if: !Build.isOptimised, "only debug builds crash on request"),
        arguments: ["snapshot-written:3", "snapshot-renamed:3"])
    func `killed while it saves, it has what it would have had`(point: String) async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 7, events: 2_000)
        let doomed = try shop.start("crashed", environment: ["SHOAL_CRASH_AT": point])
        // The third comes only when there is something new.
        for partition in 0..<FaultShop.partitions {
            #expect(await doomed.logs("of partition \(partition), ", within: 60), "\(doomed.errors)")
        }
        try await shop.fill(seed: 8, events: 2_000)
        #expect(await doomed.exit(within: 60) == .signal(SIGKILL), "\(doomed.errors)")
        _ = try await shop.finish("crashed")
        let found = try shop.profiles("crashed")
        #expect(try found.count > 200 && found == shop.reference())
    }
}
