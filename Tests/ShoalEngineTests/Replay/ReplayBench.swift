import Foundation
import ShoalCore
import ShoalEngine
import ShoalTestSupport

/// A folder to replay in, and what comes out.
final class ReplayBench {
    struct Result {
        var progress: ReplayProgress
        var changes: String
        var profiles: String
        var rejects: String
        /// `nil` where too few vectors were seen to learn one.
        var model: SegmentModel?

        func changeLines() throws -> [OrderedJSON] { try Self.parsed(changes) }
        func profileLines() throws -> [OrderedJSON] { try Self.parsed(profiles) }
        func rejectLines() throws -> [OrderedJSON] { try Self.parsed(rejects) }

        private static func parsed(_ text: String) throws -> [OrderedJSON] {
            try text.split(separator: "\n").map { try OrderedJSON(parsing: String($0)) }
        }
    }

    let folder: TemporaryFolder
    var features = EveryFeature.all
    var model = ModelSettings()
    var batch = BatchSettings()
    var resumedModel: SegmentModel?
    var hash = KeyHash(first: 1, second: 2)
    var writesOutputs = true

    init() throws {
        folder = try TemporaryFolder()
        model.clusterCount = .fixed(4)
        model.warmup = 200
        batch.size = 50
    }

    /// Lines of everything that may happen, for `count` records.
    static func history(seed: UInt64, count: Int, customers: Int = 60) -> [String] {
        var history = RandomHistory(seed: seed, customers: customers)
        return (0..<count).map { _ in history.next() }
    }

    func options(_ files: [String]) -> ReplayOptions {
        var options = ReplayOptions(
            features: features, source: .canonical(), model: model, batch: batch, limits: replayLimits,
            files: files)
        options.resumedModel = resumedModel
        if writesOutputs {
            options.changesPath = folder.path("changes.out")
            options.profilesPath = folder.path("profiles.out")
            options.rejectsPath = folder.path("rejects.out")
        }
        return options
    }

    /// As the command line has them: events may lie ahead of their record's time, which files do not have.
    private var replayLimits: EventLimits {
        var limits = EventLimits()
        limits.futureMillisecondsMax = nil
        return limits
    }

    /// Replays files of the folder, or of anywhere if their names are paths.
    func run(
        _ names: [String], report: (ReplayProgress) -> Bool = { _ in true }
    ) throws -> Result {
        let files = names.map { $0.contains("/") ? $0 : folder.path($0) }
        return try run(options(files), report: report)
    }

    func run(_ options: ReplayOptions, report: (ReplayProgress) -> Bool = { _ in true }) throws -> Result {
        var replay = try Replay(options: options, plan: try FeaturePlan(features), hash: hash)
        let progress = try replay.run(report: report)
        func text(_ path: String?) throws -> String {
            guard let path, FileManager.default.fileExists(atPath: path) else { return "" }
            return try String(contentsOfFile: path, encoding: .utf8)
        }
        return Result(
            progress: progress, changes: try text(options.changesPath),
            profiles: try text(options.profilesPath), rejects: try text(options.rejectsPath),
            model: replay.model)
    }
}
