import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Snapshots of every format that was ever written can still be read.
@Suite struct SnapshotGoldenTests {
    /// What the golden snapshots were taken of.
    private static func harness() throws -> ShardHarness {
        var harness = try ShardHarness(features: EveryFeature.all)
        var history = RandomHistory(seed: 41, customers: 60)
        for _ in 0..<400 { _ = harness.receive(history.next()) }
        _ = harness.receive(PointShop.event("a customer with a long name", at: [], minute: 1))
        for (number, customer) in ["c1", "c2", "a customer with a long name"].enumerated() {
            _ = harness.shard.restore(
                customer: Array(customer.utf8), segmentID: number + 1, segmentName: "named \(number)",
                revision: 7, firstSeen: PointShop.time(number))
        }
        return harness
    }

    private static func text(_ harness: borrowing ShardHarness) -> String {
        var lines = ["\(harness.shard.counters)", "\(harness.shard.flows)"]
        harness.shard.forEachProfile { profile in
            let aliases = harness.shard.report(of: profile.customer)?.aliases ?? []
            let names = aliases.map { " aka " + String(decoding: $0, as: UTF8.self) }.joined()
            lines.append(
                "\(String(decoding: profile.customer, as: UTF8.self)) s\(profile.segmentID) "
                    + "r\(profile.revision) \(profile.lastEventMilliseconds ?? 0) \(profile.raw)\(names)")
        }
        return lines.joined(separator: "\n")
    }

    @Test(arguments: [1, 2, 3, 4]) func `a snapshot of a format that was released is read`(format: Int) throws
    {
        let file = GoldenFile("snapshot-\(format).bin")
        if format == Int(SnapshotHeader.version),
            ProcessInfo.processInfo.environment["SHOAL_UPDATE_GOLDEN"] == "1"
        {
            var harness = try Self.harness()
            try Data(harness.snapshot()).write(to: URL(filePath: file.path))
        }
        let bytes = Array(try Data(contentsOf: URL(filePath: file.path)))
        var restored = try ShardHarness(features: EveryFeature.all)
        try restored.restore(bytes)
        #expect(GoldenFile("snapshot-\(format).txt").matches(Self.text(restored)))
        let header = try SnapshotReader(bytes).header
        #expect(header.place == .test && Int(header.format) == format)
    }
}
