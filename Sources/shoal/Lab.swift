internal import ArgumentParser

/// The engine's own algorithms on plain files, for trying and comparing them.
struct Lab: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the engine's own algorithms on a CSV file.",
        subcommands: [
            LabDrift.self, LabCluster.self,
        ])
}
