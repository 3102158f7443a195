/// The project runs wherever it is cloned, so no file names a folder of one machine.
struct MachinePathRule: TidyRule {
    let summary = "no file names an absolute path of one machine"
    /// Folders that exist on somebody's machine only.
    ///
    /// Written in two parts, so that this file passes its own rule.
    private let prefixes = ["/wor" + "k/", "/roo" + "t/", "/User" + "s/", "/hom" + "e/", "/far" + "m/"]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.files.flatMap { file in
            file.lines.flatMap { line in
                prefixes.filter { line.text.startsPath($0) }.map {
                    file.violation(line, "`\($0)…` is a path of one machine")
                }
            }
        }
    }
}

extension String {
    /// Whether a path that begins with `prefix` is written here; within a longer path it is none.
    func startsPath(_ prefix: String) -> Bool {
        var rest = self[...]
        while let found = rest.firstRange(of: prefix) {
            let before = found.lowerBound == startIndex ? " " : self[index(before: found.lowerBound)]
            if !(before.continuesIdentifier || ".}-*)$".contains(before)) { return true }
            rest = self[index(after: found.lowerBound)...]
        }
        return false
    }
}
