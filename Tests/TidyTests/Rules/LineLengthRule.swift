/// A line fits beside another file on one screen.
///
/// A literal or a test's name that crosses the margin cannot be broken without harm, and is let be, as the
/// formatter lets it be; comments can, which the formatter does not check.
struct LineLengthRule: TidyRule {
    let summary = "a line of Swift has at most 110 characters"
    let charactersMax: Int

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.filter { $0.text.count > charactersMax && !literalCrossesMargin(of: $0) }.map {
                file.violation($0, "\($0.text.count) characters, at most \(charactersMax)")
            }
        }
    }

    /// Whether a literal ends at the margin or beyond it, closing brackets let be.
    private func literalCrossesMargin(of line: SourceLine) -> Bool {
        let start = max(charactersMax - 4, 0)
        // Where text and code differ, the code is blanked: a literal, since comments were told apart before.
        return !line.hasComment && line.text.dropFirst(start).prefix(6) != line.code.dropFirst(start).prefix(6)
    }
}
