import Foundation
import Glibc
import ShoalCore
import ShoalTestSupport

@testable import ShoalEngine

/// A partition and a directory to save it in.
struct SnapshotBench: ~Copyable {
    let folder: TemporaryFolder
    let settings: ShardSettings
    var shard: Shard
    private var decoder: EventDecoder
    private var history: RandomHistory
    private var output = OutputBuffer()

    init(partition: Int32 = 3, folder: TemporaryFolder? = nil, seed: UInt64 = 1) throws {
        let plan = try FeaturePlan(EveryFeature.counts)
        self.folder = try folder ?? TemporaryFolder()
        settings = ShardSettings(
            model: ModelSettings(), batch: BatchSettings(), partition: partition, topics: ["clicks"],
            writesCurrentSegments: true, hash: KeyHash(first: 1, second: 2))
        shard = Shard(plan: plan, settings: settings)
        decoder = EventDecoder(source: .canonical(), schema: plan.schema, limits: EventLimits())
        history = RandomHistory(seed: seed, customers: 200, hasControlEvents: false)
    }

    var directory: String { folder.path("state") }

    func store(keeping kept: Int = 2, calls: FileCalls = .system) throws -> SnapshotStore {
        let store = SnapshotStore(directory: directory, keptCount: kept, calls: calls)
        try store.prepare()
        return store
    }

    mutating func absorb(_ count: Int) { for _ in 0..<count { absorb(history.next()) } }

    mutating func absorb(_ line: String) {
        if shard.summaryIsDue(now: 0) { _ = shard.takeSummary() }
        let bytes = Array(line.utf8)
        unsafe bytes.withUnsafeBytes { record in
            let outcome = unsafe decoder.decode(
                record, isPadded: false, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
            guard case .event = outcome else { return }
            let position = EventPosition(topic: 0, partition: settings.partition, offset: 0)
            _ = shard.absorb(decoder.event, at: position, now: 0, into: &output)
        }
    }

    /// Saves the shard as it is.
    @discardableResult
    mutating func save(
        to store: SnapshotStore, offset: Int64 = 0, cluster: String = "c", more: [SnapshotHeader.Input] = []
    ) throws(SnapshotStoreError) -> Int {
        let place = SnapshotHeader.Place(
            cluster: cluster, group: "g", partition: settings.partition,
            inputs: [.init(topic: "clicks", offset: offset)] + more, changesOffset: -1)
        let header = shard.freeze(at: place)
        defer { shard.thaw() }
        var task = try SnapshotTask(header, store: store)
        while let block = shard.nextFrozenBlock() { try task.append(block) }
        return try task.finish()
    }

    /// What is loaded: the offset it stands for, and why others were passed over.
    func load(
        from store: SnapshotStore, refuse: (SnapshotHeader) -> SnapshotError? = { _ in nil }
    ) -> (offset: Int64?, profiles: [String], reasons: [String]) {
        var reasons: [String] = []
        guard
            let loaded = store.load(
                partition: settings.partition, plan: shard.plan, settings: settings, refuse: refuse,
                report: { reasons.append($0.description) })
        else { return (nil, [], reasons) }
        var profiles: [String] = []
        loaded.shard.forEachProfile { profiles.append("\($0)") }
        return (loaded.header.place.inputs[0].offset, profiles, reasons)
    }

    var profiles: [String] {
        var profiles: [String] = []
        shard.forEachProfile { profiles.append("\($0)") }
        return profiles
    }

    /// Names in the directory, in order.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }
}
