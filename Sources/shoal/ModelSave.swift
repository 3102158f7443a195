internal import ArgumentParser
internal import ShoalCore

/// Writes the model in force to a file.
struct ModelSave: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Writes the model in force to a file.")

    @Option(name: .customLong("config"), help: "The YAML file that names the brokers and the features.")
    var configurationFile: String?
    @Argument(help: "The file to write.")
    var file: String

    func run() throws {
        let model = try ModelTopic.modelInForce(configurationFile)
        try ModelFile.write(model, to: file)
        print("\(file): \(ModelText.heading(ModelDifference.Stamp(model)))")
    }
}
