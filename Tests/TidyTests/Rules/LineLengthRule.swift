/// A line fits beside another file on one screen.
struct LineLengthRule: TidyRule {
    let summary = "a line of Swift has at most 110 characters"
    let charactersMax: Int

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.filter { $0.text.count > charactersMax }.map {
                file.violation($0, "\($0.text.count) characters, at most \(charactersMax)")
            }
        }
    }
}
