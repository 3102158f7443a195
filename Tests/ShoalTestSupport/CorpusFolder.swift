package import Foundation

/// Where corpora lie that are too large to be kept with the tests.
package enum CorpusFolder {
    /// The folder given in the environment, or the one beside the package.
    private static func folder(_ variable: String, beside name: String) -> URL {
        if let path = ProcessInfo.processInfo.environment[variable] { return URL(filePath: path) }
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appending(path: "shared").appending(path: name)
    }

    package static let badInput = folder("SHOAL_BAD_INPUT", beside: "badinput")
    package static let data = folder("SHOAL_DATA", beside: "data")

    package static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

    /// The content of a packed file of the data folder.
    ///
    /// - Throws: What starting the `xz` tool, which is needed, or reading ended with.
    package static func unpacked(_ path: String) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["xz", "-dc", data.appending(path: path).path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let content = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileReadCorruptFile) }
        return content
    }
}
