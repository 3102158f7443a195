internal import ArgumentParser
internal import ShoalCore
internal import ShoalEngine

/// Prints what a snapshot is of.
struct StateShow: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints what a snapshot is of: partition, offsets, counts and features.",
        discussion: "Only the header is read; `shoal state verify` looks at all of it.")

    @Argument(help: "A snapshot file of the state directory.")
    var file: String

    func run() throws {
        do {
            let header = try SnapshotStore.reader(ofFile: file).header
            print(StateText.description(of: header, bytes: try StateText.bytes(ofFile: file)))
        } catch let error as SnapshotStoreError {
            throw CommandError(error.description)
        }
    }
}
