internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// The daemon in a control group that lets it have little memory, and has it killed if it takes more.
@Suite struct MemoryTests {
    private static let folder = "/sys/fs/cgroup/memory/shoal-test-\(getpid())"
    private static let bytes = 64 << 20

    /// Whether groups can be made here, which needs version 1 and root.
    private static let canLimit: Bool = {
        let manager = FileManager.default
        let isMade = (try? manager.createDirectory(atPath: folder, withIntermediateDirectories: false)) != nil
        guard isMade else { return false }
        return manager.isWritableFile(atPath: folder + "/memory.limit_in_bytes")
    }()

    private static func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(file)"))
    }

    @Test(.enabled(if: canLimit, "no memory control group can be made here"))
    func `a backlog of tens of megabytes is worked off within little memory`() async throws {
        defer { _ = unsafe rmdir(Self.folder) }
        try Self.write("\(Self.bytes)", "memory.limit_in_bytes")
        let shop = try await FaultShop()
        for seed in 1...4 { try await shop.fill(seed: seed, events: 60_000) }
        let daemon = try shop.start(
            "little", ["--stop-when-idle", "1"], environment: ["SHOAL_LIMITS__MAX_CUSTOMERS": "100"],
            under: ["sh", "-c", "echo $$ > \(Self.folder)/tasks && exec \"$0\" \"$@\""])
        #expect(await daemon.exit(within: 300) == .code(0), "\(daemon.errors)")
        #expect(try await shop.committed("little", reaching: 240_000) == 240_000)
    }
}
