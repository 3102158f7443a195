internal import ArgumentParser

/// The command line of Shoal: one subcommand per file, wiring only.
@main
struct Shoal: AsyncParsableCommand {
    /// As tags of releases have it.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "shoal",
        abstract: "Groups customers into segments from live event streams, and says when they change.",
        version: version,
        subcommands: [
            Check.self,
            RunCommand.self,
            DemoCommand.self,
            ReplayCommand.self,
            BrokerCommand.self,
            Simulate.self,
            Lab.self,
            Model.self,
            State.self,
            ForgetCommand.self,
            Tail.self,
            Topics.self,
        ])

    /// Runs the command that the arguments name; failures end the process with Shoal's own exit codes.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            CommandLineFailure(error).exit()
        }
    }
}
