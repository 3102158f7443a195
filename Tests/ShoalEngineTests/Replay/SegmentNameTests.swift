import Foundation
import ShoalConfiguration
import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// What an analyst reads: no two segments of a data set are called the same, and every word is true.
@Suite struct SegmentNameTests {
    /// Of a file: what a build without optimisation reads in seconds.
    private static let bytesMax = 4_000_000
    private static let examples = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Deploy/examples")

    /// The model that a replay of some lines ends with.
    private func learned(_ example: String, from events: Data) throws -> SegmentModel {
        let configuration = try ShoalConfiguration.load(
            path: Self.examples.appending(path: "\(example).yaml").path, environment: [:])
        let folder = try TemporaryFolder()
        let file = folder.path("events")
        try events.write(to: URL(filePath: file))
        let options = ReplayOptions(
            features: configuration.features, source: configuration.sources[0], model: configuration.model,
            batch: configuration.batch, limits: configuration.limits.replayEvents, files: [file])
        var replay = try Replay(
            options: options,
            plan: FeaturePlan(configuration.features, keepsLastChange: configuration.model.minDwell > 0),
            hash: .known)
        _ = try replay.run { _ in true }
        let model = replay.model
        return try #require(model, "\(example): too few vectors to learn from")
    }

    /// Checks the names, and that the check would tell: no name suits every other segment as well.
    private func check(_ model: SegmentModel, _ example: String) {
        #expect(model.segmentCount > 1, "\(example)")
        let faults = NameClaims.faults(of: model)
        #expect(faults.isEmpty, "\(example): \(faults.joined(separator: "; "))")
        var swapped = model
        for index in model.segments.indices {
            swapped.segments[index].name = model.segments[(index + 1) % model.segmentCount].name
        }
        #expect(!NameClaims.faults(of: swapped).isEmpty, "\(example): any name would do")
        swapped.segments[0].name = swapped.segments[1].name
        #expect(NameClaims.faults(of: swapped).contains { $0.hasPrefix("there are two") }, "\(example)")
    }

    @Test(
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.data),
            "needs the data sets in SHOAL_DATA or in ../shared/data"),
        arguments: [
            ("online_retail", "online_retail/online_retail.csv.xz"),
            ("taobao", "taobao/time_slice.csv.xz"), ("rees46", "rees46_head/2019-Oct-head.csv.xz"),
        ])
    func `the segments of real customers have names of their own that are true`(
        example: String, path: String
    ) throws {
        let events = try CorpusFolder.unpacked(path).prefix(Self.bytesMax)
        let end = try #require(events.lastIndex(of: UInt8(ascii: "\n")))
        check(try learned(example, from: events[...end]), example)
    }
}
