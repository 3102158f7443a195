internal import ArgumentParser
internal import Foundation
internal import ShoalCore
internal import ShoalEngine

/// Reads snapshots to their ends and says which are sound.
struct StateVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Reads snapshots to their ends and says which are sound.",
        discussion: "Exit code 1 if one of them is not, or there is none.")

    @Argument(help: "Snapshot files, or directories that have some.")
    var paths: [String]

    func run() throws {
        let files = try paths.flatMap(Self.files)
        guard !files.isEmpty else {
            throw CommandError("\(paths.joined(separator: ", ")): no snapshots; give the state directory")
        }
        var unsound = 0
        for file in files {
            do {
                let header = try SnapshotStore.verify(file: file)
                print("\(file): sound, \(StateText.summary(of: header))")
            } catch {
                StandardError.write(error.description)
                unsound += 1
            }
        }
        guard unsound == 0 else {
            throw CommandError("\(unsound) of \(files.count) snapshots cannot be used")
        }
    }

    private static func files(_ path: String) throws -> [String] {
        var isDirectory: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandError("\(path): no such file or directory")
        }
        guard isDirectory.boolValue else { return [path] }
        return try FileManager.default.subpathsOfDirectory(atPath: path)
            .filter { $0.hasSuffix(SnapshotStore.suffix) }.sorted().map { "\(path)/\($0)" }
    }
}
