internal import Foundation

/// Dependencies point one way: a target imports what the architecture lets it import, and nothing else.
struct ImportRule: TidyRule {
    let summary = "a target imports only what the architecture allows"

    /// What may be imported by each target under `Sources`.
    let allowed: [String: Set<String>]
    /// Imports that one file may have beyond those of its target, by path.
    let allowedInFile: [String: Set<String>]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.filter(\.isInSources).flatMap { file -> [Violation] in
            guard let target = file.target else { return [] }
            guard let ofTarget = allowed[target] else {
                return [
                    Violation(
                        path: file.path, line: 0,
                        message: "target \(target) has no row in the table of imports")
                ]
            }
            let ofFile = ofTarget.union(allowedInFile[file.path] ?? [])
            return file.imports.filter { !ofFile.contains($0.module) }.map {
                file.violation($0.line, "\(target) may not import \($0.module)")
            }
        }
    }
}

extension SourceFile {
    /// Every module that the file imports, with the line that does it.
    var imports: [(module: String, line: SourceLine)] {
        lines.compactMap { line in
            let words = line.code.split(separator: " ")
            guard let position = words.firstIndex(of: "import"), words.count > position + 1 else {
                return nil
            }
            // `import struct Foundation.Date` names the kind first.
            let kinds: Set<Substring> = [
                "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
            ]
            let named = words[(position + 1)...].first { !kinds.contains($0) }
            guard let module = named?.split(separator: ".").first else { return nil }
            return (String(module), line)
        }
    }
}
