internal import ArgumentParser
internal import ShoalCore

/// Makes an earlier model the one in force again.
struct ModelRollback: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Makes an earlier model the one in force again; all customers are evaluated anew.",
        discussion: """
            The last \(ModelShelf.previousMax) generations are kept. Without --to it is the one before the \
            last structural change or promotion; rolling back twice undoes the first.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the features.")
    var configurationFile: String?
    @Option(name: .customLong("to"), help: "The version to go back to.")
    var version: Int?

    func run() throws {
        let topic = try ModelTopic(configurationFile)
        let version = version
        let entries = try topic.order { shelf throws(ModelShelfError) in
            try shelf.rollingBack(to: version)
        }
        print("\(topic.name): \(ModelTopic.words(of: entries))")
    }
}
