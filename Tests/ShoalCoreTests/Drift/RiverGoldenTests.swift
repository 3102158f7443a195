import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// River's detectors and these fire at the same values; `Tests/Golden/drift-river.py` says how River was
/// asked.
@Suite struct RiverGoldenTests {
    private struct Golden: Decodable { let cases: [Case] }

    private struct Case: Decodable {
        struct Parameters: Decodable {
            let delta, alpha, threshold: Double?
            let clock, max_buckets, min_window_length, grace_period, min_instances: Int?
            let mode: String?
        }
        let stream: String
        let detector: String
        let parameters: Parameters
        let count: Int
        let indices: [Int]
    }

    private static func cases() throws -> [Case] {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let data = try Data(contentsOf: folder.appending(path: "Golden/drift-river.json"))
        return try JSONDecoder().decode(Golden.self, from: data).cases
    }

    private static func indices(_ detector: some DriftDetector, in values: [Double]) -> [Int] {
        var detector = detector
        return values.indices.filter { detector.absorb(values[$0]) }
    }

    private func expectAgreement(_ golden: Case, values: [Double]) throws {
        let found: [Int]
        switch golden.detector {
        case "adwin":
            var parameters = AdaptiveWindow.Parameters()
            parameters.delta = golden.parameters.delta ?? parameters.delta
            parameters.clock = golden.parameters.clock ?? parameters.clock
            parameters.maxBuckets = golden.parameters.max_buckets ?? parameters.maxBuckets
            parameters.minWindowLength = golden.parameters.min_window_length ?? parameters.minWindowLength
            parameters.gracePeriod = golden.parameters.grace_period ?? parameters.gracePeriod
            found = Self.indices(AdaptiveWindow(parameters), in: values)
        default:
            var parameters = PageHinkley.Parameters()
            parameters.delta = golden.parameters.delta ?? parameters.delta
            parameters.alpha = golden.parameters.alpha ?? parameters.alpha
            parameters.threshold = golden.parameters.threshold ?? parameters.threshold
            parameters.minInstances = golden.parameters.min_instances ?? parameters.minInstances
            if let mode = golden.parameters.mode {
                parameters.mode = try #require(PageHinkley.Mode(rawValue: mode))
            }
            found = Self.indices(PageHinkley(parameters), in: values)
        }
        #expect(found.count == golden.count, "\(golden)")
        #expect(Array(found.prefix(golden.indices.count)) == golden.indices, "\(golden)")
    }

    @Test func `they fire where River fires on made streams`() throws {
        let streams = DriftStreams.golden()
        let cases = try Self.cases().filter { !$0.stream.contains("#") }
        #expect(cases.count == 150)
        for golden in cases {
            try expectAgreement(golden, values: try #require(streams[golden.stream]))
        }
    }

    @Test(
        .enabled(if: Build.isOptimised, "takes half a minute without optimisation"),
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.data.appending(path: "drift_synth")),
            "needs the data sets in SHOAL_DATA or in ../shared/data"))
    func `they fire where River fires on the data sets`() throws {
        let cases = try Self.cases().filter { $0.stream.contains("#") }
        #expect(cases.count > 200)
        let byFile = Dictionary(grouping: cases) { String($0.stream.split(separator: "#")[0]) }
        for (file, cases) in byFile {
            let columns = try DriftStreams.columns(of: file)
            for golden in cases {
                let column = try #require(Int(golden.stream.split(separator: "#")[1]))
                try expectAgreement(golden, values: columns[column])
            }
        }
    }
}
