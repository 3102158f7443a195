internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon where the system or the network around it is not as it should be.
@Suite(.serialized) struct SurroundingsTests {
    /// What answers on the broker's port before the broker does.
    enum Stranger: String, CaseIterable, Sendable { case nobody, webServer }

    @Test(.enabled(if: SystemTool.exist("python3"), "python3 is missing"), arguments: Stranger.allCases)
    func `whoever is on the broker's port, it waits quietly, and works once the broker is there`(
        stranger: Stranger
    ) async throws {
        let port = try FaultShop.freePort()
        let folder = try TemporaryFolder()
        let server = stranger == .webServer ? try Self.webServer(on: port, in: folder) : nil
        let path = try folder.write(
            "shoal.yaml", FaultShop.configuration("waits", bootstrap: "127.0.0.1:\(port)"))
        let daemon = try ShoalProcess(["run", "--config", path])
        // A line of status, ten seconds after the start.
        let status = "info  waiting for the broker"
        #expect(await daemon.logs(status, within: 60), "\(daemon.errors)")
        #expect(Self.spokenLines(of: daemon, from: "shoal starts", to: status) <= 10, "\(daemon.errors)")
        if let server {
            // Whatever signals it has inherited as blocked.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
        }
        let shop = try await FaultShop(port: port)
        try await shop.fill(seed: 1, events: 500)
        #expect(try await shop.committed("waits", reaching: 500) == 500, "\(daemon.errors)")
        #expect(await daemon.stops() == .code(0), "\(daemon.errors)")
    }

    @Test func `a host that has no address is waited for, and SIGTERM is heard`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "shoal.yaml", FaultShop.configuration("nowhere", bootstrap: "no-such-host.invalid:9092"))
        let daemon = try ShoalProcess(["run", "--config", path])
        #expect(await daemon.logs("waiting for", within: 60), "\(daemon.errors)")
        #expect(await daemon.stops() == .code(0), "\(daemon.errors)")
    }

    @Test func `a broker that goes and comes back costs nothing but time`() async throws {
        let broker = try FaultShop.localBroker()
        let shop = try FaultShop(on: broker)
        try await shop.fill(seed: 2, events: 2_000)
        let daemon = try shop.start("away")
        #expect(try await shop.committed("away", reaching: 2_000) == 2_000, "\(daemon.errors)")
        try broker.setReachable(false)
        #expect(await daemon.logs("broker away, waiting for it", within: 60), "\(daemon.errors)")
        // Up to the next line of status, which comes every ten seconds.
        let status = " events/s, lag "
        let count = daemon.lineCount(with: status)
        #expect(await daemon.logs(status, moreThan: count, within: 60), "\(daemon.errors)")
        let spoken = Self.spokenLines(of: daemon, from: "broker away", to: status)
        #expect(spoken <= 10, "\(daemon.errors)")
        try broker.setReachable(true)
        try await shop.fill(seed: 3, events: 2_000)
        #expect(try await shop.committed("away", reaching: 4_000) == 4_000, "\(daemon.errors)")
        #expect(await daemon.logs("broker is back", within: 60), "\(daemon.errors)")
        #expect(await daemon.stops() == .code(0), "\(daemon.errors)")
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

    @Test(.enabled(if: SystemTool.exist("prlimit"), "prlimit is missing"))
    func `a limit of open files that may be raised is raised`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 4, events: 500)
        let daemon = try shop.start(
            "raised", ["--stop-when-idle", "1"], under: ["prlimit", "--nofile=32:1024"])
        #expect(await daemon.exit(within: 90) == .code(0), "\(daemon.errors)")
        #expect(try await shop.committed("raised", reaching: 500) == 500)
    }

    @Test func `more customers than it may keep make room for each other, and it says so`() async throws {
        let shop = try await FaultShop()
        try await shop.fill(seed: 5, events: 3_000)
        let daemon = try await shop.finish("full", environment: ["SHOAL_LIMITS__MAX_CUSTOMERS": "100"])
        #expect(daemon.errors.contains("limits.max_customers is reached"), "\(daemon.errors)")
        #expect(try await shop.committed("full", reaching: 3_000) == 3_000)
        #expect(try shop.profiles("full").count == 100)
    }

    /// Lines that an operator would read, from the first that holds one text to the next that holds another.
    private static func spokenLines(of daemon: ShoalProcess, from first: String, to last: String) -> Int {
        let lines = daemon.errors.split(separator: "\n").drop { !$0.contains(first) }
        return lines.prefix { !$0.contains(last) }.count { !$0.contains(" debug ") }
    }

    /// A web server that answers already.
    private static func webServer(on port: UInt16, in folder: TemporaryFolder) throws -> Process {
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/env")
        server.arguments = ["python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", "\(port)"]
        server.currentDirectoryURL = folder.url
        server.standardError = FileHandle.nullDevice
        let words = Pipe()
        server.standardOutput = words
        try server.run()
        // It says so.
        _ = try words.fileHandleForReading.read(upToCount: 1)
        return server
    }
}
