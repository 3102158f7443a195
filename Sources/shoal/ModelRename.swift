internal import ArgumentParser
internal import ShoalCore

/// Gives a segment a name that learning keeps.
struct ModelRename: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Names a segment; learning keeps the name.",
        discussion: """
            A name has 1 to \(SegmentModel.nameBytesMax) bytes and no two segments share one. The file is \
            replaced as a whole, or the new model is written to --output.
            """)

    @Option(help: "The file of the model.")
    var model: String
    @Option(help: "Write the new model here instead.")
    var output: String?
    @Argument(help: "The segment, as s3.")
    var segment: String
    @Argument(help: "Its new name.")
    var name: String

    func run() throws {
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
