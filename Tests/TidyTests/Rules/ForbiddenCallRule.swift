/// Calls that a part of the project does without, so that runs repeat and failures are told.
struct ForbiddenCallRule: TidyRule {
    let summary: String
    /// Matched in code only, on identifier boundaries.
    let calls: [String]
    /// Paths that the rule covers, by prefix.
    let scope: [String]
    /// Paths that may, by prefix.
    let exempt: [String]
    /// What to do instead, shown in the violation.
    let advice: String

    func violations(in tree: SourceTree) -> [Violation] {
        let covered = tree.swiftFiles.filter { file in
            scope.contains(where: file.path.hasPrefix) && !exempt.contains(where: file.path.hasPrefix)
        }
        return covered.flatMap { file in
            file.lines.flatMap { line in
                calls.filter { line.code.containsPhrase($0) }.map {
                    file.violation(line, "`\($0)` is not used here: \(advice)")
                }
            }
        }
    }
}
