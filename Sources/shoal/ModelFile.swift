internal import Foundation
internal import ShoalCore

/// A model artefact on disk.
enum ModelFile {
    /// - Throws: `CommandError` if it cannot be read or is damaged; a model of any feature plan will do.
    static func read(_ path: String) throws -> SegmentModel {
        try read(path, planHash: nil, featureNames: [])
    }

    /// - Throws: `CommandError` if it cannot be read, is damaged or belongs to another feature plan.
    static func read(_ path: String, plan: FeaturePlan) throws -> SegmentModel {
        try read(path, planHash: plan.hash, featureNames: plan.definitions.map(\.name))
    }

    private static func read(
        _ path: String, planHash: UInt64?, featureNames: [String]
    ) throws -> SegmentModel {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path): cannot be read; give a file that --save-model wrote")
        }
        do {
            return try SegmentModel(artifact: Array(data), planHash: planHash, featureNames: featureNames)
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }

    /// Writes the whole file or nothing.
    ///
    /// - Throws: `CommandError` if there is no model, or no room for it.
    static func write(_ model: SegmentModel?, to path: String) throws {
        guard let model else {
            throw CommandError("\(path): no model to save; fewer than model.warmup vectors were seen")
        }
        do {
            try Data(model.encodedArtifact()).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError("\(path): cannot be written: \(error)")
        }
    }
}
