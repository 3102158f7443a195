internal import Testing

/// Each rule catches a planted violation and lets a clean neighbour pass.
@Suite struct RuleTests {
    private func found(_ rule: some TidyRule, _ path: String, _ text: String) -> [Int] {
        rule.violations(in: SourceTree(files: [SourceFile(path: path, text: text)])).map(\.line)
    }

    @Test func `an import outside the table is a violation`() {
        let rule = ImportRule(
            allowed: ["ShoalCore": ["CLZ4"]], allowedInFile: ["Sources/ShoalCore/Clock.swift": ["Glibc"]])
        let text = "internal import CLZ4\npackage import ShoalKafka\nimport struct Foundation.Date\n"
        #expect(found(rule, "Sources/ShoalCore/A.swift", text) == [2, 3])
        #expect(found(rule, "Sources/ShoalCore/A.swift", "import Glibc\n") == [1])
        #expect(found(rule, "Sources/ShoalCore/Clock.swift", "import Glibc\n").isEmpty)
        #expect(found(rule, "Sources/Unknown/A.swift", "") == [0])
        #expect(found(rule, "Tests/ShoalCoreTests/A.swift", text).isEmpty)
    }

    @Test func `a second importer of a C library is a violation`() {
        let rule = SingleImporterRule(libraries: ["CLZ4"])
        let owner = SourceFile(path: "Sources/ShoalCore/A.swift", text: "internal import CLZ4\n")
        let second = SourceFile(path: "Sources/ShoalCore/B.swift", text: "internal import CLZ4\n")
        let thief = SourceFile(path: "Sources/ShoalEngine/C.swift", text: "\ninternal import CLZ4\n")
        #expect(rule.violations(in: SourceTree(files: [owner, second])).isEmpty)
        let violations = rule.violations(in: SourceTree(files: [owner, second, thief]))
        #expect(violations.map(\.path) == ["Sources/ShoalEngine/C.swift"])
        #expect(violations.map(\.line) == [2])
    }

    @Test func `a foreign word in a target is a violation, in a comment too`() {
        let rule = ForbiddenWordRule(summary: "", target: "ShoalKafka", words: ["customer"])
        #expect(found(rule, "Sources/ShoalKafka/A.swift", "let a = 1\n// one per Customer\n") == [2])
        #expect(found(rule, "Sources/ShoalKafka/A.swift", "struct CustomerTable {}\n") == [1])
        #expect(found(rule, "Sources/ShoalCore/A.swift", "struct CustomerTable {}\n").isEmpty)
    }

    @Test func `a forbidden call is a violation in code, not in comments, literals or longer names`() {
        let rule = ForbiddenCallRule(
            summary: "", calls: ["print(", ".now"], scope: ["Sources/"], exempt: ["Sources/shoal/"],
            advice: "")
        let text = """
            print("a")
            // print(
            let text = "print(" + #"print("x")"#
            blueprint()
            let time = clock.now
            let other = clock.nowhere
            /* print(
            print( */
            let nested = "\\(print("deep"))"
            """
        #expect(found(rule, "Sources/ShoalCore/A.swift", text) == [1, 5])
        #expect(found(rule, "Sources/shoal/A.swift", text).isEmpty)
    }

    @Test func `every forbidden call of the house is caught where it is forbidden`() {
        for case let rule as ForbiddenCallRule in HouseRules.all {
            for call in rule.calls {
                for folder in rule.scope {
                    #expect(
                        found(rule, folder + "ShoalCore/Planted.swift", "    \(call)\n") == [1], "\(call)")
                }
            }
        }
    }

    @Test func `a random choice without a generator is a violation`() {
        let rule = SystemRandomnessRule(exempt: ["Sources/shoal/"])
        #expect(found(rule, "Sources/ShoalCore/A.swift", "let a = Int.random(in: 0..<9)\n") == [1])
        #expect(found(rule, "Sources/ShoalCore/A.swift", "let a = names.shuffled()\n") == [1])
        #expect(
            found(
                rule, "Sources/ShoalCore/A.swift", "let a = Int.random(\n    in: 0..<9, using: &generator)\n"
            ).isEmpty)
        #expect(found(rule, "Sources/shoal/A.swift", "let a = Int.random(in: 0..<9)\n").isEmpty)
    }

    @Test func `a long file is a violation`() {
        let rule = FileSizeRule(linesMax: 3)
        #expect(found(rule, "Sources/ShoalCore/A.swift", "a\nb\nc\n").isEmpty)
        #expect(found(rule, "Sources/ShoalCore/A.swift", "a\nb\nc\nd\n") == [0])
        #expect(found(rule, "Sources/CSimdJSON/shim.cpp", "a\nb\nc\nd\n") == [0])
        #expect(found(rule, "Tests/Golden/a.ndjson", "a\nb\nc\nd\n").isEmpty)
    }

    @Test func `a long line with a comment is a violation`() {
        let rule = LineLengthRule(charactersMax: 10)
        let path = "Sources/ShoalCore/A.swift"
        #expect(found(rule, path, "// 56789 1\n/// 6789 12\n") == [2])
        #expect(found(rule, path, "a()  // 789 1\n    * 789 12\n") == [1, 2])
        #expect(found(rule, path, "call(\"56789a\")\n").isEmpty)
    }

    @Test func `a long function is a violation, whatever its shape`() {
        let rule = FunctionSizeRule(linesMax: 4)
        let path = "Sources/ShoalCore/A.swift"
        #expect(found(rule, path, "func a() {\n    b()\n    c()\n}\n").isEmpty)
        #expect(found(rule, path, "func a() {\n    b()\n    c()\n    d()\n}\n") == [1])
        #expect(found(rule, path, "    package init(\n        a: Int\n    ) {\n        b()\n    }\n") == [1])
        #expect(found(rule, path, "func a(\n    _ b: () -> Void = {}\n)\n    -> Int\n{\n    1\n}\n") == [1])
        #expect(
            found(rule, path, "@Test func `a { b`() {\n    b(\"}\")\n    // }\n    c()\n    d()\n}\n") == [1])
    }

    @Test func `a requirement without a body is no function`() {
        let text =
            "protocol A {\n    func a()\n    func b() throws\n}\nstruct B {\n    let a: Int\n    let b: I\n}"
        #expect(found(FunctionSizeRule(linesMax: 2), "Sources/ShoalCore/A.swift", text).isEmpty)
    }

    @Test func `an unchecked conformance without a reason is a violation`() {
        let rule = UnsafeReasonRule()
        let path = "Sources/ShoalKafka/A.swift"
        #expect(found(rule, path, "let a = 1\n\nfinal class A: @unchecked Sendable {}\n") == [3])
        #expect(found(rule, path, "// One thread.\n\nnonisolated(unsafe) var a = 1\n") == [3])
        #expect(found(rule, path, "// One thread.\nfinal class A: @unchecked Sendable {}\n").isEmpty)
        #expect(found(rule, path, "/// One thread.\n@safe\nfinal class A: @unchecked Sendable {}\n").isEmpty)
        #expect(found(rule, path, "nonisolated(unsafe) var a = 1  // One thread.\n").isEmpty)
    }

    @Test func `a file without the type it is named after is a violation`() {
        let rule = TypePerFileRule(companionLinesMax: 2)
        let path = "Sources/ShoalCore/Table.swift"
        #expect(found(rule, path, "package struct Table {\n}\n").isEmpty)
        #expect(found(rule, path, "package struct Chair {\n}\n") == [0])
        #expect(found(rule, path, "struct Table {\n}\nenum Leg {\n    case a\n    case b\n}\n") == [3])
        #expect(found(rule, path, "struct Table {\n}\nenum Leg { case a }\n").isEmpty)
        #expect(
            found(rule, path, "struct Table {\n}\nprivate enum Leg {\n    case a\n    case b\n}\n").isEmpty)
        #expect(found(rule, path, "extension Chair {\n}\nfunc sit() {}\n").isEmpty)
        #expect(found(rule, "Sources/ShoalCore/Table+Legs.swift", "extension Table {\n}\n").isEmpty)
        #expect(found(rule, "Tests/A/Fixture.swift", "struct Table {\n}\n").isEmpty)
        #expect(found(rule, "Tests/A/ATests.swift", "struct Table {\n}\n") == [0])
        #expect(found(rule, "Sources/ShoalCore/Table+Legs.swift", "struct Legs {\n}\n") == [0])
    }

    @Test func `a stranger at the top level is a violation`() {
        let rule = LayoutRule(topLevelAllowed: ["Sources", "Tests"])
        let tree = SourceTree(files: [], topLevel: [".ci", "Sources", "Tests", "docs"])
        #expect(rule.violations(in: tree).map(\.path) == ["docs"])
    }

    @Test func `a target without tests beside it is a violation`() {
        let rule = LayoutRule(topLevelAllowed: [])
        let source = SourceFile(path: "Sources/ShoalCore/A.swift", text: "")
        let test = SourceFile(path: "Tests/ShoalCoreTests/ATests.swift", text: "")
        #expect(rule.violations(in: SourceTree(files: [source])).map(\.path) == ["Sources/ShoalCore"])
        #expect(rule.violations(in: SourceTree(files: [source, test])).isEmpty)
    }

    @Test func `a path of one machine is a violation in any text file`() {
        let rule = MachinePathRule()
        #expect(found(rule, "README.md", "see /wor" + "k/main\n") == [1])
        #expect(found(rule, "Deploy/test", "cd \"/hom" + "e/somebody\"\n") == [1])
        #expect(found(rule, "Deploy/test", "cd ../wor" + "k/main $HOME/roo" + "t/x\n").isEmpty)
    }

    @Test func `an abbreviation is a violation in code only`() {
        let rule = AbbreviationRule(abbreviations: ["idx"])
        let text = "let idx = 1\n// idx\nlet idxs = \"idx\"\nlist.idx = 1\n"
        #expect(found(rule, "Sources/ShoalCore/A.swift", text) == [1])
    }

    @Test func `work marked as unfinished is a violation`() {
        let rule = UnfinishedWorkRule()
        #expect(found(rule, "Deploy/test", "# TO" + "DO later\n") == [1])
        #expect(found(rule, "Tests/A/Place" + "holder.swift", "") == [0])
        #expect(found(rule, "Sources/ShoalCore/A.swift", "// All done.\n").isEmpty)
    }

    @Test func `the words of the house are caught in the targets they are kept out of`() {
        let wordRules = HouseRules.all.compactMap { $0 as? ForbiddenWordRule }
        #expect(wordRules.count == 2)
        for rule in wordRules {
            for word in rule.words {
                #expect(found(rule, "Sources/\(rule.target)/A.swift", "// \(word)\n") == [1], "\(word)")
            }
        }
    }
}
