internal import ArgumentParser
internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore

/// Prints what a model's segments are like.
struct ModelShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints what the segments of a model are like, in the features' own units.",
        discussion: """
            Numbers in brackets are those of all customers. Give a file that `shoal replay --save-model` \
            wrote; without one, the model in force is read from Kafka.
            """)

    @Option(help: "The file of a model.")
    var model: String?
    @Option(name: .customLong("config"), help: "The YAML file that names the brokers, without --model.")
    var configurationFile: String?
    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let shown: SegmentModel
        if let model {
            shown = try ModelFile.read(model)
        } else {
            shown = try ModelTopic.modelInForce(configurationFile)
        }
        print(try json ? ModelText.json(ModelReport(shown)) : ModelText.personas(of: shown))
    }
}
