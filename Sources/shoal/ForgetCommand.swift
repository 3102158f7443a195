internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalKafka

/// Asks the daemons to erase a customer.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erases a customer: profile, current segment and what later snapshots hold.",
        discussion: """
            Sends a `forget` event to the first topic of canonical events, into the partition of the customer's \
            other events. The daemon answers with a last change whose `to` is null and a tombstone.
            """)

    private static let flushMilliseconds: Int32 = 30_000

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
        guard
            let source = configuration.laneSources.first(where: Self.isCanonical),
            let name = source.topics.first
        else {
            throw CommandError(
                "sources: none reads canonical events, which a `forget` is; add {name: control, topics: "
                    + "[\(configuration.topics.events)]} with as many partitions as the others")
        }
        try send(to: name, properties: RunSettings.properties(of: configuration))
        print("\(name): asked to forget \(customer)")
    }

    /// Whether a source reads events as they are specified.
    private static func isCanonical(_ source: SourceMapping) -> Bool {
        var canonical = SourceMapping.canonical(topics: source.topics)
        canonical.name = source.name
        return source == canonical
    }

    private func send(to name: String, properties: KafkaProperties) throws {
        let event = try JSONEncoder().encode(["type": "forget", "customer_id": customer])
        do throws(KafkaError) {
            let producer = try KafkaProducer(properties: properties) { _ in }
            let (key, value) = (Array(customer.utf8), Array(event))
            try producer.produce(to: try producer.topic(name), key: key.span, value: value.span)
            try producer.flush(timeoutMilliseconds: Self.flushMilliseconds)
            producer.close()
        } catch {
            throw CommandError("\(name): \(error)")
        }
    }
}
