internal import ArgumentParser
internal import ShoalCore

/// Tells how the candidate compares with the model in force.
struct ModelCandidate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "candidate",
        abstract: "Tells how the candidate compares: who would move, from where to where.",
        discussion: """
            The figures are of samples of what customers did since the candidate was proposed, so the \
            active are in them more often than others; `shoal replay --shadow` counts customers.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the features.")
    var configurationFile: String?
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let topic = try ModelTopic(configurationFile)
        let shelf = try topic.read()
        guard shelf.candidate != nil else { throw CommandError("\(topic.name): there is no candidate") }
        guard let report = shelf.report else {
            throw CommandError("\(topic.name): no comparison yet; a daemon makes one when customers act")
        }
        print(try json ? ModelText.json(report) : ShadowText.text(of: report))
    }
}
