/// A file that outgrows one reading is split.
struct FileSizeRule: TidyRule {
    let summary = "a source file has at most 500 lines"
    let linesMax: Int
    private let suffixes = [".swift", ".cpp", ".h"]

    func violations(in tree: SourceTree) -> [Violation] {
        let sources = tree.files.filter { file in
            (file.isInSources || file.isInTests) && suffixes.contains(where: file.path.hasSuffix)
        }
        return sources.filter { $0.lines.count > linesMax }.map {
            Violation(path: $0.path, line: 0, message: "\($0.lines.count) lines, at most \(linesMax)")
        }
    }
}
