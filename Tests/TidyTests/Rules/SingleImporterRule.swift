/// Each C library is wrapped once: one target imports it, the rest use the wrapper.
struct SingleImporterRule: TidyRule {
    let summary = "each C library is imported in one target only"
    let libraries: [String]

    func violations(in tree: SourceTree) -> [Violation] {
        libraries.flatMap { library -> [Violation] in
            let importers = tree.swiftFiles.compactMap { file in
                file.imports.first { $0.module == library }.map { (file: file, line: $0.line) }
            }
            let owner = importers.first { $0.file.isInSources }?.file.target
            return importers.filter { $0.file.target != owner }.map {
                $0.file.violation($0.line, "\(library) belongs to \(owner ?? "no target")")
            }
        }
    }
}
