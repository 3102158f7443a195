/// Random choices name their generator; without one they draw from the system and no seed repeats them.
struct SystemRandomnessRule: TidyRule {
    let summary = "randomness comes from a generator that was handed in"
    private let calls = [".random(", ".shuffled(", ".shuffle(", ".randomElement("]

    /// Paths that may draw from the system, by prefix.
    let exempt: [String]

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.filter { file in !exempt.contains(where: file.path.hasPrefix) }.flatMap { file in
            file.lines.indices.flatMap { index -> [Violation] in
                let line = file.lines[index]
                // A call that the formatter broke names its generator on one of the next lines.
                let call = file.lines[index...].prefix(4).map(\.code).joined(separator: " ")
                return calls.filter { line.code.contains($0) && !call.contains("using:") }.map {
                    file.violation(line, "`\($0))` without `using:` draws from the system's randomness")
                }
            }
        }
    }
}
