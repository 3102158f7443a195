/// The top level is a table of contents, and tests lie where their sources would be looked for.
struct LayoutRule: TidyRule {
    let summary = "the top level and the folders under it are those of the architecture"
    let topLevelAllowed: Set<String>

    func violations(in tree: SourceTree) -> [Violation] {
        let strangers = tree.topLevel.filter { !$0.hasPrefix(".") && !topLevelAllowed.contains($0) }
        let sourceTargets = Set(tree.swiftFiles.filter(\.isInSources).compactMap(\.target))
        let testTargets = Set(tree.swiftFiles.filter(\.isInTests).compactMap(\.target))
        let untested = sourceTargets.filter { $0.hasPrefix("Shoal") && !testTargets.contains($0 + "Tests") }
        return strangers.map { Violation(path: $0, line: 0, message: "the top level has no place for it") }
            + untested.sorted().map {
                Violation(path: "Sources/" + $0, line: 0, message: "there is no Tests/\($0)Tests beside it")
            }
    }
}
