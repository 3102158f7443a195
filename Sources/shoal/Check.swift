internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalEngine
internal import ShoalKafka

/// Validates a configuration and prints what it means.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validates a configuration and prints the resolved plan.",
        discussion: """
            Refuses with exit code 2 and everything that is wrong: file, line and what to write instead.
            Environment variables override the file, as SHOAL_KAFKA__BOOTSTRAP does kafka.bootstrap.
            With --broker it also compares the topics there are with those that are needed; exit code 1 if one
            is missing or wrong.
            """)

    @Option(name: .customLong("config"), help: "The YAML file; without it, the defaults.")
    var configurationFile: String?
    @Flag(help: "Ask the brokers for the topics, too.")
    var broker = false

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        print(configuration.resolvedPlan)
        if broker { try Self.checkTopics(of: configuration) }
    }

    private static func checkTopics(of configuration: ShoalConfiguration) throws {
        let survey = try TopicSurvey(configuration)
        let review = try survey.review(partitionCount: nil)
        survey.close()
        print("\n" + TopicSurvey.table(review))
        var faults = review.faults
        let missing = review.missing.map(\.name)
        if !missing.isEmpty {
            faults.append("missing: \(missing.joined(separator: ", ")); `shoal topics create` makes them")
        }
        guard faults.isEmpty else { throw CommandError(faults.joined(separator: "; ")) }
    }
}
