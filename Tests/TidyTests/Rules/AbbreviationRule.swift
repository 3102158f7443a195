/// Names are words.
///
/// Members reached through a dot are let be: the fields of a C structure have the names they have.
struct AbbreviationRule: TidyRule {
    let summary = "an identifier is spelled out"
    let abbreviations: [String]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.flatMap { line in
                abbreviations.filter { line.code.replacing(".\($0)", with: "").containsPhrase($0) }.map {
                    file.violation(line, "`\($0)` is an abbreviation: write the word")
                }
            }
        }
    }
}
