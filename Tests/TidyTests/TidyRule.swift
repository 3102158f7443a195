/// A rule of the house that can be read off the source text.
protocol TidyRule: Sendable {
    /// The rule as a sentence, shown as the name of its test.
    var summary: String { get }

    /// Every place in `tree` that breaks the rule, in the tree's order.
    func violations(in tree: SourceTree) -> [Violation]
}
