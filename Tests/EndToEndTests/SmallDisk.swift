internal import Foundation
internal import ShoalTestSupport

/// A file system of one mebibyte in memory, which a test can fill.
final class SmallDisk: Sendable {
    private let folder: TemporaryFolder
    var path: String { folder.url.path(percentEncoded: false) }

    /// Whether this process may mount one.
    static let isPossible = (try? SmallDisk()) != nil

    init() throws {
        folder = try TemporaryFolder()
        let place = folder.url.path(percentEncoded: false)
        try Self.run("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=1m", "none", place])
    }

    deinit {
        try? Self.run("/usr/bin/umount", ["-l", path])
    }

    /// Takes all the room that is left.
    func fill() throws {
        // Safe: the path lives until the call returns.
        let ballast = unsafe open("\(path)/ballast", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 4_096)
        // Safe: the bytes are only read.
        while unsafe block.withUnsafeBytes({ unsafe write(ballast, $0.baseAddress, $0.count) }) > 0 {}
        close(ballast)
    }

    /// Gives it back.
    func empty() throws { try FileManager.default.removeItem(atPath: "\(path)/ballast") }

    private static func run(_ command: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }
}
