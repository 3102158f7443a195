@testable import ShoalCore

extension SnapshotHeader.Place {
    static let test = SnapshotHeader.Place(
        cluster: "cluster", group: "shoal", partition: 3,
        inputs: [SnapshotHeader.Input(topic: "clicks", offset: 77)], changesOffset: 12)
}

/// A snapshot that is taken from a harness while it goes on.
struct RunningSnapshot: ~Copyable {
    private var writer: SnapshotWriter
    private var bytes: [UInt8] = []

    init(of harness: inout ShardHarness, at place: SnapshotHeader.Place = .test) {
        writer = SnapshotWriter(harness.shard.freeze(at: place), appendingTo: &bytes)
    }

    /// Takes up to `blocks` blocks more.
    mutating func step(_ harness: inout ShardHarness, blocks: Int = 1) {
        for _ in 0..<blocks {
            guard let block = harness.shard.nextFrozenBlock() else { return }
            writer.append(block, to: &bytes)
        }
    }

    consuming func finish(_ harness: inout ShardHarness) -> [UInt8] {
        step(&harness, blocks: .max)
        writer.finish(appendingTo: &bytes)
        return bytes
    }
}

extension ShardHarness {
    mutating func snapshot(at place: SnapshotHeader.Place = .test) -> [UInt8] {
        RunningSnapshot(of: &self, at: place).finish(&self)
    }

    /// Puts a shard that was read back in the place of this one.
    mutating func restore(_ bytes: [UInt8], settings: ShardSettings? = nil) throws(SnapshotError) {
        shard = try SnapshotReader(bytes).shard(plan: shard.plan, settings: settings ?? shard.settings)
    }
}

extension SnapshotReader {
    /// Reads bytes in chunks of an awkward length.
    init(_ bytes: [UInt8], chunk: Int = 1_013) throws(SnapshotError) {
        var position = 0
        try self.init { () throws(SnapshotError) in
            let next = Array(bytes[position..<min(position + chunk, bytes.count)])
            position += next.count
            return next
        }
    }
}

extension [UInt8] {
    /// What is wrong with the snapshot, `nil` if nothing is.
    var snapshotFault: SnapshotError? {
        do throws(SnapshotError) {
            try SnapshotReader(self).verify()
            return nil
        } catch {
            return error
        }
    }
}
