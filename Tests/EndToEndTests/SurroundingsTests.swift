internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon where the system or the network around it is not as it should be.
@Suite struct SurroundingsTests {
    /// What answers on the broker's port before the broker does.
    enum Stranger: String, CaseIterable, Sendable { case nobody, webServer }

    @Test(arguments: Stranger.allCases)
    func `whoever is on the broker's port, it waits quietly, and works once the broker is there`(
        stranger: Stranger
    ) async throws {
        let port = try Self.freePort()
        let folder = try TemporaryFolder()
        let server = Process()
        if stranger == .webServer {
            server.executableURL = URL(filePath: "/usr/bin/env")
            server.arguments = ["python3", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"]
            server.currentDirectoryURL = folder.url
            server.standardError = FileHandle.nullDevice
            server.standardOutput = FileHandle.nullDevice
            try server.run()
        }
        let path = try folder.write(
            "shoal.yaml", FaultShop.configuration("waits", bootstrap: "127.0.0.1:\(port)"))
        let daemon = try ShoalProcess(["run", "--config", path, "--stop-when-idle", "1"])
        #expect(await daemon.logs("waiting for", within: 30), "\(daemon.errors)")
        try await Self.expectQuiet(daemon)
        if stranger == .webServer {
            // Whatever signals it has inherited as blocked.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let shop = try await FaultShop(port: port)
        try await shop.fill(seed: 1, events: 500)
        #expect(await daemon.exit(within: 60) == .code(0), "\(daemon.errors)")
        #expect(try shop.committed("waits", reaching: 500) == 500, "\(daemon.errors)")
    }

    @Test func `a host that has no address is waited for, and SIGTERM is heard`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "shoal.yaml", FaultShop.configuration("nowhere", bootstrap: "no-such-host.invalid:9092"))
        let daemon = try ShoalProcess(["run", "--config", path])
        #expect(await daemon.logs("waiting for", within: 30), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
    }

    @Test func `a broker that goes and comes back costs nothing but time`() async throws {
        let broker = try FaultShop.localBroker()
        let shop = try FaultShop(on: broker)
        try await shop.fill(seed: 2, events: 2_000)
        let daemon = try shop.start("away")
        #expect(try shop.committed("away", reaching: 2_000) == 2_000, "\(daemon.errors)")
        try broker.setReachable(false)
        #expect(await daemon.logs("broker away, waiting for it", within: 30), "\(daemon.errors)")
        try await Self.expectQuiet(daemon)
        try broker.setReachable(true)
        try await shop.fill(seed: 3, events: 2_000)
        #expect(try shop.committed("away", reaching: 4_000) == 4_000, "\(daemon.errors)")
        #expect(await daemon.logs("broker is back", within: 10), "\(daemon.errors)")
        daemon.kill(SIGTERM)
        #expect(await daemon.exit(within: 10) == .code(0), "\(daemon.errors)")
        let found = try shop.profiles("away")
        #expect(try found.count > 200 && found == shop.reference())
    }

    @Test(.enabled(if: SystemTool.exist("prlimit"), "prlimit is missing"), arguments: [32, 16])
    func `too few file descriptors end it with the reason`(limit: Int) async throws {
        let shop = try await FaultShop()
        let daemon = try shop.start("few", under: ["prlimit", "--nofile=\(limit)"])
        #expect(await daemon.exit(within: 60) == .code(1), "\(daemon.errors)")
        #expect(daemon.errors.contains("at most \(limit) open files are allowed"), "\(daemon.errors)")
    }

    /// Fewer than a line a second that an operator would read.
    private static func expectQuiet(_ daemon: ShoalProcess) async throws {
        let before = daemon.lineCount() - daemon.lineCount(with: " debug ")
        #expect(await !daemon.logs("never said", within: 4))
        let after = daemon.lineCount() - daemon.lineCount(with: " debug ")
        #expect(after - before <= 4, "\(daemon.errors)")
    }

    private static func freePort() throws -> UInt16 {
        let broker = try DevelopmentBroker()
        let port = broker.bootstrap.split(separator: ":").last.flatMap { UInt16($0) }
        broker.close()
        return try #require(port)
    }
}
