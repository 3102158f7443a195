/// A comment fits beside another file on one screen.
///
/// The formatter breaks code that is too long and lets literals be, but does not look at comments.
struct LineLengthRule: TidyRule {
    let summary = "a line with a comment has at most 110 characters"
    let charactersMax: Int

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.filter { $0.hasComment && $0.text.count > charactersMax }.map {
                file.violation($0, "\($0.text.count) characters, at most \(charactersMax)")
            }
        }
    }
}
