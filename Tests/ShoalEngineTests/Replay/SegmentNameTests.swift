import Foundation
import ShoalConfiguration
import ShoalCore
import ShoalEngine
import ShoalSimulator
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
        try learned(plan: Self.examples.appending(path: "\(example).yaml"), from: events, called: example)
    }

    private func learned(plan: URL, from events: Data, called example: String) throws -> SegmentModel {
        let configuration = try ShoalConfiguration.load(path: plan.path, environment: [:])
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

    @Test(
        .enabled(if: Build.isOptimised, "takes minutes without optimisation"),
        arguments: [1, 2, 3] as [UInt64])
    func `so have those of the simulated shop`(seed: UInt64) throws {
        var options = ShopSimulatorOptions()
        options.seed = seed
        options.customers = 3_000
        // 25 days in 40,000 lines.
        options.speedUp = 54_000
        var simulator = ShopSimulator(options: options)
        var bytes: [UInt8] = []
        for _ in 0..<40_000 {
            guard simulator.append(to: &bytes) != nil else { break }
            bytes.append(UInt8(ascii: "\n"))
        }
        check(try learned("shop", from: Data(bytes)), "shop, seed \(seed)")
    }

    @Test(
        .enabled(if: Build.isOptimised, "takes minutes without optimisation"),
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.data),
            "needs the data sets in SHOAL_DATA or in ../shared/data"))
    func `so have those of measured numbers`() throws {
        let rows = try CorpusFolder.unpacked("drift_synth/customer_mixture.csv.xz")
            .split(separator: UInt8(ascii: "\n")).dropFirst().prefix(12_000)
        var events = ""
        for (number, row) in rows.enumerated() {
            let values = String(decoding: row, as: UTF8.self).split(separator: ",").prefix(6)
            let properties = values.enumerated().map { #""f\#($0)":\#($1)"# }.joined(separator: ",")
            let time = 1_767_225_600_000 + number * 60_000
            events += #"{"type":"vector","customer_id":"r\#(number)","timestamp":\#(time),"#
            events += #""properties":{\#(properties)}}"# + "\n"
        }
        let plan = Self.examples.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Benchmarks/Quality/customer-mixture.yaml")
        check(try learned(plan: plan, from: Data(events.utf8), called: "mixture"), "mixture")
    }
}
