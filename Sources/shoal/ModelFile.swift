internal import Foundation
internal import ShoalCore

/// A model artefact on disk.
enum ModelFile {
    /// - Throws: `CommandError` if it cannot be read, is damaged or belongs to another feature plan.
    static func read(_ path: String, plan: FeaturePlan) throws -> SegmentModel {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path): cannot be read; give a file that --save-model wrote")
        }
        do {
            return try SegmentModel(artifact: Array(data), expectedPlanHash: plan.hash)
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }
}
