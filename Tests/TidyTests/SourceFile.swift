/// A text file of the project, split into lines.
struct SourceFile: Sendable {
    /// Relative to the top of the project, with `/` between folders.
    let path: String
    let lines: [SourceLine]

    init(path: String, text: String) {
        self.path = path
        let code = path.hasSuffix(".swift") ? CodeScanner.blankingCommentsAndLiterals(text) : text
        let written = text.split(separator: "\n", omittingEmptySubsequences: false)
        let compiled = code.split(separator: "\n", omittingEmptySubsequences: false)
        // The text after a final newline is no line.
        let count = written.last == "" ? written.count - 1 : written.count
        lines = (0..<count).map {
            SourceLine(number: $0 + 1, text: String(written[$0]), code: String(compiled[$0]))
        }
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    var isSwift: Bool { path.hasSuffix(".swift") }
    var isInSources: Bool { path.hasPrefix("Sources/") }
    var isInTests: Bool { path.hasPrefix("Tests/") }

    /// The target that the file belongs to: the folder under `Sources` or `Tests`.
    var target: String? {
        let parts = path.split(separator: "/")
        guard parts.count >= 3, parts[0] == "Sources" || parts[0] == "Tests" else { return nil }
        return String(parts[1])
    }

    func violation(_ line: SourceLine, _ message: String) -> Violation {
        Violation(path: path, line: line.number, message: message)
    }
}
