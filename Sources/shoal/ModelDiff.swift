internal import ArgumentParser
internal import ShoalCore

/// Says what became of one model on the way to another.
struct ModelDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compares two models: segments born, retired, renamed and moved, shares, scales, settings.",
        discussion: """
            Segments are matched by their ids, features by their names; distances are in standard \
            deviations of the first model. The exit code is 0 whether or not they differ, 1 if a file \
            cannot be read, 2 for bad usage.
            """)

    @Flag(help: "Print JSON.")
    var json = false
    @Argument(help: "The file of the earlier model.")
    var from: String
    @Argument(help: "The file of the later model.")
    var to: String

    func run() throws {
        let difference = ModelDifference(from: try ModelFile.read(from), to: try ModelFile.read(to))
        print(try json ? ModelText.json(difference) : ModelText.difference(difference))
    }
}
