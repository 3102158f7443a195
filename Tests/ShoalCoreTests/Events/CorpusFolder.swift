import Foundation

/// Where corpora lie that are too large to be kept with the tests.
enum CorpusFolder {
    /// The folder given in the environment, or the one beside the package.
    static func folder(_ variable: String, beside name: String) -> URL {
        if let path = ProcessInfo.processInfo.environment[variable] { return URL(filePath: path) }
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appending(path: "shared").appending(path: name)
    }

    static let badInput = folder("SHOAL_BAD_INPUT", beside: "badinput")
    static let data = folder("SHOAL_DATA", beside: "data")

    static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
}
