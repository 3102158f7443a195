internal import ArgumentParser

/// Looks after models: the artefact that says what the segments are.
struct Model: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads, compares and governs models.",
        subcommands: [
            ModelShow.self,
            ModelDiff.self,
            ModelRename.self,
            ModelSave.self,
            ModelPropose.self,
            ModelCandidate.self,
            ModelPromote.self,
            ModelRollback.self,
        ])
}
