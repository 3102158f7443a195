internal import ArgumentParser
internal import Foundation
internal import ShoalKafka

/// A broker to develop against.
struct BrokerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract: "Runs a development broker in this process, in memory, until Ctrl-C.",
        discussion: """
            The first line on standard output is its address. It keeps at most 5 MiB per partition, makes \
            topics of 4 partitions on first use, and forgets everything at its end.
            """)

    private static let tickSeconds = 0.1

    @Option(help: "The port on 127.0.0.1; without it, a free one.")
    var port: UInt16?
    @Option(
        name: .customLong("topic"), parsing: .singleValue,
        help: ArgumentHelp("A topic to create; may be repeated.", valueName: "name:partitions"))
    var topics: [String] = []

    func run() throws {
        let specifications = try topics.map(Self.specification)
        Interruption.watch()
        let broker = try DevelopmentBroker(port: port, topics: specifications)
        try FileHandle.standardOutput.write(contentsOf: Data("\(broker.bootstrap)\n".utf8))
        while !Interruption.isRequested { Thread.sleep(forTimeInterval: Self.tickSeconds) }
        broker.close()
    }

    private static func specification(_ text: String) throws -> KafkaTopicSpecification {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let count = Int32(parts[1]), (1...1_000).contains(count)
        else {
            throw ValidationError(
                "--topic must be like clickstream:4, a name and 1 to 1000, not \"\(text)\".")
        }
        return KafkaTopicSpecification(name: String(parts[0]), partitionCount: count)
    }
}
