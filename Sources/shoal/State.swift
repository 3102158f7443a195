internal import ArgumentParser

/// Looks after what is saved of customers' profiles.
struct State: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows, verifies and measures snapshots of customers' profiles.",
        subcommands: [StateShow.self, StateVerify.self, StateMeasure.self])
}
