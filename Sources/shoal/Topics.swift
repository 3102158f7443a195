internal import ArgumentParser

/// Tools for the topics of a deployment.
struct Topics: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Creates the topics that a deployment reads and writes.", subcommands: [TopicsCreate.self])
}
