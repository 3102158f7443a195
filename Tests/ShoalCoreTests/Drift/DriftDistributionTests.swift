import Foundation
import Testing

@testable import ShoalCore

@Suite struct DriftDistributionTests {
    @Test func `counts become shares, and nothing is compared with nothing`() throws {
        let shares = try #require(
            DriftDistribution(edges: [1, 2], reference: [2, 4, 2], current: [0, 0, 5]))
        #expect(shares.reference == [0.25, 0.5, 0.25])
        #expect(shares.current == [0, 0, 1])
        #expect(DriftDistribution(edges: [1], reference: [0, 0], current: [1, 2]) == nil)
        #expect(DriftDistribution(edges: [1], reference: [1, 2], current: [0, 0]) == nil)
    }

    @Test func `a mix shows what came before beside what comes now`() throws {
        var mix = MixMonitor(categoryCount: 2, settings: DriftSettings())
        #expect(mix.comparison() == nil)
        // Two whole blocks of before, a minute apart, then most of one of now.
        for minute in 0..<2 { _ = mix.absorb([512, 512], at: Int64(minute) * 60_000) }
        _ = mix.absorb([900, 100], at: 120_000)
        let counts = try #require(mix.comparison())
        #expect(counts.reference[0] == counts.reference[1])
        #expect(counts.current == [900, 100])
    }

    @Test func `an alert carries its evidence`() throws {
        var alert = DriftAlert(
            id: "feature:spend#1", state: .raised, severity: .warning, monitor: .feature, subject: "spend",
            direction: .up, size: 1.5, statistic: .stability, threshold: 0.2, reference: 1, current: 2,
            sinceMilliseconds: 1, atMilliseconds: 2, modelVersion: 3, modelGeneration: 4)
        func keys() throws -> [String: Any] {
            let json = try JSONSerialization.jsonObject(with: Data(OutputBuffer.json(alert)))
            return try #require(json as? [String: Any])
        }
        #expect(try keys()["distribution"] == nil)
        alert.distribution = DriftDistribution(
            edges: [0.5, 2e12], reference: [1, 1, 2], current: [0, 0, 1])
        let distribution = try #require(try keys()["distribution"] as? [String: [Double]])
        #expect(distribution["edges"] == [0.5, 2e12])
        #expect(distribution["reference"] == [0.25, 0.25, 0.5])
        #expect(distribution["current"] == [0, 0, 1])
    }
}
