internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalEngine

/// Asks the daemons to erase a customer.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erases a customer: profile, current segment and what later snapshots hold.",
        discussion: """
            Sends a `forget` event to the first topic of canonical events, into the partition of the customer's \
            other events. The daemon answers with a last change whose `to` is null and a tombstone.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the sources.")
    var configurationFile: String?
    @Argument(help: "The customer's id, as events have it.")
    var customer: String

    func validate() throws {
        guard !customer.isEmpty else { throw ValidationError("ID is empty; give the customer's id.") }
    }

    func run() throws {
        let configuration = try ShoalConfiguration.load(
            path: configurationFile, environment: ProcessInfo.processInfo.environment)
        do throws(EngineError) {
            let request = try ErasureRequest(
                sources: configuration.laneSources, eventsTopic: configuration.topics.events,
                kafka: RunSettings.properties(of: configuration))
            try request.send(Array(customer.utf8))
            print("\(request.topic): asked to forget \(customer)")
        } catch {
            throw CommandError("\(error)")
        }
    }
}
