internal import Foundation

/// An expected output under `Tests/Golden`, reviewed like code.
///
/// With `SHOAL_UPDATE_GOLDEN=1` in the environment the file is written instead of compared; the test fails
/// that once, so that nobody takes a rewritten expectation for a passed test.
package struct GoldenFile {
    private let url: URL

    /// - Parameter name: within the folder.
    package init(_ name: String) {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        url = tests.appending(path: "Golden").appending(path: name)
    }

    /// Where it lies, for those that are read as input.
    package var path: String { url.path(percentEncoded: false) }

    /// Whether the text is the expected one; a line end at the end of the file does not count.
    package func matches(_ text: String) -> Bool {
        if ProcessInfo.processInfo.environment["SHOAL_UPDATE_GOLDEN"] == "1" {
            try? Data((text + "\n").utf8).write(to: url)
            return false
        }
        guard let data = try? Data(contentsOf: url) else { return false }
        return String(decoding: data, as: UTF8.self) == text + "\n"
    }
}
