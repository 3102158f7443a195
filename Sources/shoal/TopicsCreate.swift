internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalEngine
internal import ShoalKafka

/// Creates what is missing.
struct TopicsCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates the topics that are missing, with the partitions and policies that they need.",
        discussion: """
            Inputs need equal partition counts, and outputs those of the inputs. Topics that exist are left as \
            they are; one that is wrong is named, with what to do, and the exit code is 1.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the topics.")
    var configurationFile: String?
    @Option(help: "Partitions of the inputs, where none of them exists yet.")
    var partitions: Int32?
    @Option(help: "Copies of each partition; without it, as many as the brokers are set to.")
    var replicationFactor: Int32?
    @Flag(help: "Only say what would be created.")
    var dryRun = false

    func validate() throws {
        if let partitions, !(1...10_000).contains(partitions) {
            throw ValidationError("--partitions \(partitions): give a number from 1 to 10,000.")
        }
        if let replicationFactor, !(1...100).contains(replicationFactor) {
            throw ValidationError("--replication-factor \(replicationFactor): give a number from 1 to 100.")
        }
    }

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        let survey = try TopicSurvey(configuration)
        var review = try survey.review(partitionCount: partitions)
        let missing = review.missing
        if !dryRun, !missing.isEmpty {
            try survey.create(missing, replicationFactor: replicationFactor ?? -1)
            review = try survey.review(partitionCount: partitions)
        }
        survey.close()
        print(TopicSurvey.table(review))
        let names = missing.map(\.name).joined(separator: ", ")
        print(missing.isEmpty ? "nothing to create" : "\(dryRun ? "would create" : "created") \(names)")
        guard review.faults.isEmpty else {
            throw CommandError(review.faults.joined(separator: "; "))
        }
    }
}
