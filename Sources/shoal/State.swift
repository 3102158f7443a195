internal import ArgumentParser

/// Looks after what is saved of customers' profiles.
struct State: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Shows, verifies and measures snapshots of customers' profiles, and lets a group go on from them.",
        subcommands: [StateShow.self, StateVerify.self, StateResume.self, StateMeasure.self])
}
