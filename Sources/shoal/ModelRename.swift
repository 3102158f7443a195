internal import ArgumentParser
internal import ShoalCore

/// Gives a segment a name that learning keeps.
struct ModelRename: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Names a segment; learning keeps the name.",
        discussion: """
            Without --model the model in force is renamed, through Kafka. A name has 1 to \(SegmentModel.nameBytesMax) bytes and no two segments share one. The file is \
            replaced as a whole, or the new model is written to --output.
            """)

    @Option(help: "The file of the model.")
    var model: String?
    @Option(name: .customLong("config"), help: "The YAML file that names the brokers, without --model.")
    var configurationFile: String?
    @Option(help: "Write the new model here instead.")
    var output: String?
    @Argument(help: "The segment, as s3.")
    var segment: String
    @Argument(help: "Its new name.")
    var name: String

    func validate() throws {
        if output != nil, model == nil { throw ValidationError("--output needs --model.") }
    }

    func run() throws {
        if let model { try rename(file: model) } else { try renameInForce() }
    }

    private func renameInForce() throws {
        let topic = try ModelTopic(configurationFile)
        let (segment, name) = (segment, name)
        let entries = try topic.order { shelf throws(ModelShelfError) in
            try shelf.renaming(segment, to: name)
        }
        let given = entries.first?.model?.segments.first { $0.label == segment }?.name ?? ""
        print("\(topic.name): \(segment) is now '\(given)'")
    }

    private func rename(file model: String) throws {
        let before = try ModelFile.read(model)
        let after: SegmentModel
        do {
            after = try before.renaming(segment, to: name)
        } catch {
            throw ValidationError("\(model): \(error)")
        }
        try ModelFile.write(after, to: output ?? model)
        let former = before.segments.first { $0.label == segment }?.name ?? ""
        let given = after.segments.first { $0.label == segment }?.name ?? ""
        print("\(segment): '\(former)' is now '\(given)' (model version \(after.version))")
    }
}
