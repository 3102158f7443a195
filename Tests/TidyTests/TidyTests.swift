internal import Testing

/// The house style, held against the project as it lies on disk.
@Suite struct TidyTests {
    @Test(arguments: HouseRules.all.indices)
    func `the project keeps each rule of the house`(index: Int) {
        let rule = HouseRules.all[index]
        let violations = rule.violations(in: .project)
        #expect(
            violations.isEmpty,
            "\(rule.summary):\n\(violations.map(\.description).joined(separator: "\n"))")
    }

    @Test func `the tree that the rules read is the whole project`() {
        let paths = Set(SourceTree.project.files.map(\.path))
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Sources/shoal/Shoal.swift"))
        #expect(paths.contains("Tests/TidyTests/TidyTests.swift"))
        #expect(SourceTree.project.topLevel.contains("Sources"))
    }

    @Test func `the table of imports has a row for every target and no other`() {
        let targets = Set(SourceTree.project.swiftFiles.filter(\.isInSources).compactMap(\.target))
        #expect(targets == Set(HouseRules.allowedImports.keys).intersection(targets))
        for path in HouseRules.allowedImportsInFile.keys {
            #expect(
                SourceTree.project.files.contains { $0.path == path },
                "\(path) is gone, its exemption with it")
        }
    }
}
