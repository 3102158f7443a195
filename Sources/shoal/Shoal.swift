internal import ArgumentParser

/// The command line of Shoal: one subcommand per file, wiring only.
@main
struct Shoal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shoal",
        abstract: "Groups customers into segments from live event streams, and says when they change.")
}
