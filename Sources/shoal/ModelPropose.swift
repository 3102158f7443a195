internal import ArgumentParser
internal import ShoalCore

/// Puts a candidate beside the model in force.
struct ModelPropose: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose",
        abstract: "Puts a candidate beside the model in force, to be compared before it is promoted.",
        discussion: """
            The daemon compares the two on samples of what customers do and `shoal model candidate` tells \
            the result. On promotion, segments that are the same groups as in the model in force take over \
            their ids, unless both come from one seeding; the others get new ones.
            """)

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the features.")
    var configurationFile: String?
    @Option(help: "The file of the candidate.")
    var model: String

    func run() throws {
        let topic = try ModelTopic(configurationFile)
        let candidate = try ModelFile.read(model, plan: topic.plan)
        let entries = try topic.order { shelf throws(ModelShelfError) in try shelf.proposing(candidate) }
        let segments = entries.first?.model?.segments.map(\.label) ?? []
        print(
            "\(topic.name): the candidate is version \(candidate.version) of \(model), with segments "
                + "\(segments.joined(separator: ", ")); compare with `shoal model candidate`")
    }
}
