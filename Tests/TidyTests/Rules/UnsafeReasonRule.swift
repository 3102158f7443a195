/// What the compiler cannot check, a sentence vouches for.
struct UnsafeReasonRule: TidyRule {
    let summary = "an unchecked conformance or unsafe isolation has a comment that makes it safe"
    private let marks = ["@unchecked Sendable", "nonisolated(unsafe)", "@unchecked @retroactive Sendable"]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.indices.compactMap { index -> Violation? in
                guard let mark = marks.first(where: file.lines[index].code.contains) else { return nil }
                return Self.isExplained(file.lines, at: index)
                    ? nil : file.violation(file.lines[index], "`\(mark)` without a comment before it")
            }
        }
    }

    private static func isExplained(_ lines: [SourceLine], at index: Int) -> Bool {
        if lines[index].hasComment { return true }
        // Attributes may stand between the comment and the declaration, as may the first lines of a broken
        // one.
        for previous in lines[..<index].reversed().prefix(4) {
            if previous.hasComment { return true }
            let code = previous.code.trimmingPrefix { $0 == " " }
            if code.isEmpty || code.hasSuffix("}") || code.hasSuffix("{") { return false }
        }
        return false
    }
}
