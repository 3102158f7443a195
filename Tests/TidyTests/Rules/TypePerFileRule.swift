/// A file is found by the name of the type it holds.
///
/// `Name.swift` declares `Name`, or only extends other things; `Name+Feature.swift` extends `Name`. Another
/// type at the file's top level is private, or a companion of at most 25 lines that the first would be
/// unreadable without. Under `Tests` only the suites are held to it: a fixture may gather small helpers.
struct TypePerFileRule: TidyRule {
    let summary = "a file is named after the one type it holds"
    let companionLinesMax: Int

    private static let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol"]

    private struct Declaration {
        let kind: String
        let name: String
        let isPrivate: Bool
        let start: Int
        let end: Int
    }

    func violations(in tree: SourceTree) -> [Violation] {
        let files = tree.swiftFiles.filter { file in
            file.isInSources || (file.isInTests && file.name.hasSuffix("Tests.swift"))
        }
        return files.flatMap { file -> [Violation] in
            let declarations = Self.topLevelDeclarations(of: file)
            let wanted = file.name.dropLast(".swift".count).split(separator: "+").first.map(String.init) ?? ""
            var found: [Violation] = []
            let mustBeThere = file.name.contains("+") || declarations.contains { $0.kind != "extension" }
            if mustBeThere && !declarations.contains(where: { $0.name == wanted }) {
                found.append(Violation(path: file.path, line: 0, message: "declares or extends no \(wanted)"))
            }
            for other in declarations
            where other.kind != "extension" && other.name != wanted && !other.isPrivate {
                let length = other.end - other.start + 1
                guard length > companionLinesMax else { continue }
                found.append(
                    file.violation(
                        file.lines[other.start],
                        "\(other.name) (\(length) lines) belongs in a file of its own"))
            }
            return found
        }
    }

    private static func topLevelDeclarations(of file: SourceFile) -> [Declaration] {
        file.lines.indices.compactMap { index in
            let code = file.lines[index].code
            guard let first = code.first, first != " ", first != "}", first != ")" else { return nil }
            let words = code.split(whereSeparator: { " :<({".contains($0) })
            guard let position = words.firstIndex(where: { kinds.contains($0) || $0 == "extension" }),
                words.count > position + 1
            else { return nil }
            let closing = file.lines[index...].firstIndex { $0.code.hasPrefix("}") } ?? index
            let isOneLine = code.hasSuffix("}")
            return Declaration(
                kind: String(words[position]),
                name: words[position + 1].split(separator: ".").last.map(String.init) ?? "",
                isPrivate: words.contains("private") || words.contains("fileprivate"),
                start: index, end: isOneLine ? index : closing)
        }
    }
}
