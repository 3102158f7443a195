/// Words that do not belong in a target, in code, comments and literals alike.
struct ForbiddenWordRule: TidyRule {
    let summary: String
    let target: String
    /// Matched as parts of words too, in any case: `customer` finds `CustomerTable`.
    let words: [String]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.filter { $0.isInSources && $0.target == target }.flatMap { file in
            file.lines.flatMap { line -> [Violation] in
                let lowercased = line.text.lowercased()
                return words.filter(lowercased.contains).map {
                    file.violation(line, "\(target) knows nothing of “\($0)”")
                }
            }
        }
    }
}
