internal import Foundation
internal import Testing

/// Asks a daemon over HTTP, as `curl` does.
enum HTTPClient {
    /// The address that a daemon says it listens on.
    static func address(of daemon: ShoalProcess) async throws -> String {
        let words = "dashboard and API: "
        #expect(await daemon.logs(words, within: 60), "\(daemon.errors)")
        let line = try #require(daemon.errors.split(separator: "\n").first { $0.contains(words) })
        return String(line[try #require(line.firstRange(of: words)).upperBound...])
    }

    /// What `curl` prints; it must succeed.
    static func curl(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["curl", "--silent", "--show-error"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "curl \(arguments)")
        return text
    }
}
