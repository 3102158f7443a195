internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration

/// Validates a configuration and prints what it means.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates a configuration and prints the resolved plan.",
        discussion: """
            Refuses with exit code 2 and everything that is wrong: file, line and what to write instead.
            Environment variables override the file, as SHOAL_KAFKA__BOOTSTRAP does kafka.bootstrap.
            """)

    @Option(name: .customLong("config"), help: "The YAML file; without it, the defaults.")
    var configurationFile: String?

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        print(configuration.resolvedPlan)
    }
}
