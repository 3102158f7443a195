internal import ArgumentParser
internal import ShoalCore

/// Makes the candidate the model in force.
struct ModelPromote: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Makes the candidate the model in force; all customers are evaluated anew.",
        discussion: "Whoever trains goes on from it. The model before it is kept: `shoal model rollback`.")

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the features.")
    var configurationFile: String?

    func run() throws {
        let topic = try ModelTopic(configurationFile)
        let entries = try topic.order { shelf throws(ModelShelfError) in try shelf.promoting() }
        print("\(topic.name): \(ModelTopic.words(of: entries))")
    }
}
