import ShoalTestSupport
import Testing

@testable import ShoalCore

/// A shard that was saved and made again is the shard that was saved.
@Suite struct SnapshotTests {
    /// Everything that a reader could tell two shards apart by.
    private struct Image: Equatable {
        var profiles: [String] = []
        var aliases: [[[UInt8]]] = []
        var counters: ShardCounters
        var flows: [SegmentFlow]
        var streamTime: Int64
        var summary: [String]

        init(_ harness: inout ShardHarness) {
            counters = harness.shard.counters
            flows = harness.shard.flows
            streamTime = harness.shard.streamTimeMilliseconds
            summary = []
            harness.shard.forEachProfile { profiles.append("\($0)") }
            harness.shard.forEachProfile {
                aliases.append(harness.shard.report(of: $0.customer)?.aliases ?? [])
            }
        }
    }

    private static func harness(
        seed: UInt64, features: [FeatureDefinition] = EveryFeature.all
    ) throws -> ShardHarness {
        var generator = SeededGenerator(seed: seed)
        var settings = ModelSettings()
        settings.confirm = 1 + generator.nextIndex(below: 3)
        settings.minDwell = generator.nextUnit() < 0.5 ? 0 : 86_400_000
        settings.margin = 0.01
        settings.certainty = 0
        settings.sweepInterval = 3 * 86_400_000
        var limits = ProfileLimits()
        if generator.nextUnit() < 0.5 { limits.customersMax = 90 }
        if generator.nextUnit() < 0.5 { limits.idleMillisecondsMax = 20 * 86_400_000 }
        return try ShardHarness(features: features, model: settings, limits: limits)
    }

    /// A model with segments about some customers of the shard.
    ///
    /// It may be left half-way through assigning the customers.
    private static func adopt(
        _ harness: inout ShardHarness, generation: Int, version: Int, isInSteps: Bool = false
    ) {
        let d = harness.shard.plan.featureCount
        var rows: [[Double]] = []
        harness.shard.forEachProfile { rows.append($0.features.map(Double.init)) }
        let centres = [0, 1, 2].map { rows[($0 * 17 + generation) % rows.count] }
        var shop = PointShop(
            segments: centres.enumerated().map { index, centre in
                PointShop.Segment(id: index + generation, name: "n\(index) of \(version)", centre: centre)
            }, scales: [Double](repeating: 3, count: d), weights: [Double](repeating: 1, count: d),
            means: [Double](repeating: 0, count: d))
        shop.generation = generation
        shop.version = version
        let names = harness.shard.plan.definitions.map(\.name)
        let model = shop.model(planHash: harness.shard.plan.hash, named: names)
        guard isInSteps else {
            harness.shard.adopt(model, into: &harness.output)
            return
        }
        harness.shard.beginAdopting(model)
        harness.shard.reassign(limit: 20, into: &harness.output)
    }

    private static func outputs(_ harness: borrowing ShardHarness) -> [String] {
        [OutputBuffer.Stream.changes, .currentSegments].flatMap { stream in
            harness.records(stream).map { "\($0.key) \($0.value ?? "null")" }
        }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `going on after a snapshot is never having stopped`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed, customers: 150)
        var uninterrupted = try Self.harness(seed: seed)
        func feed(_ harness: inout ShardHarness, _ lines: [String]) {
            for line in lines { _ = harness.receive(line) }
        }
        let before = (0..<900).map { _ in history.next() }
        feed(&uninterrupted, Array(before.prefix(500)))
        if seed.isMultiple(of: 4) == false { Self.adopt(&uninterrupted, generation: 1, version: 1) }
        feed(&uninterrupted, Array(before.dropFirst(500)))
        let isInSteps = seed.isMultiple(of: 3)
        if isInSteps { Self.adopt(&uninterrupted, generation: 7, version: 2, isInSteps: true) }
        uninterrupted.output.removeAll()
        let line = uninterrupted.line
        let atOnce = uninterrupted.snapshot()

        // The same image comes out while events change the rows that are not copied yet.
        var running = RunningSnapshot(of: &uninterrupted)
        let model = uninterrupted.shard.model
        if let model { uninterrupted.shard.adopt(model, into: &uninterrupted.output) }
        let after = (0..<900).map { _ in history.next() }
        for (number, line) in after.enumerated() {
            _ = uninterrupted.receive(line)
            if number.isMultiple(of: 300) { running.step(&uninterrupted) }
            if number == 450 { Self.adopt(&uninterrupted, generation: 8, version: 5) }
        }
        let slowly = running.finish(&uninterrupted)

        for bytes in [atOnce, slowly] {
            var resumed = try Self.harness(seed: seed)
            try resumed.restore(bytes)
            resumed.line = line
            if let model { resumed.shard.adopt(model, into: &resumed.output) }
            #expect(
                resumed.output.records.isEmpty != isInSteps, "seed \(seed): the model was in force before")
            for (number, line) in after.enumerated() {
                _ = resumed.receive(line)
                if number == 450 { Self.adopt(&resumed, generation: 8, version: 5) }
            }
            let (expected, found) = (Self.outputs(uninterrupted), Self.outputs(resumed))
            #expect(found == expected, "seed \(seed)")
            let images = (Image(&uninterrupted), Image(&resumed))
            #expect(images.0 == images.1, "seed \(seed)")
        }
        #expect(Self.outputs(uninterrupted).count > 20, "seed \(seed): something happened")
    }

    @Test func `a snapshot is whole though rows move and keys are moved together meanwhile`() throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        func name(_ number: Int) -> String {
            number.isMultiple(of: 2) ? "c\(number)" : "a customer with a long name, number \(number)"
        }
        for number in 0..<9_000 {
            _ = harness.receive(PointShop.event(name(number), at: [], minute: number / 10, type: "purchase"))
        }
        var before = try ShardHarness(features: EveryFeature.counts)
        try before.restore(harness.snapshot())
        var running = RunningSnapshot(of: &harness)
        running.step(&harness)
        for number in 0..<9_000 where number % 3 != 0 {
            _ = harness.receive(PointShop.control("forget", name(number), minute: 901))
        }
        #expect(harness.shard.profiles.compactions > 0)
        var during = try ShardHarness(features: EveryFeature.counts)
        try during.restore(running.finish(&harness))
        let images = (Image(&before), Image(&during))
        #expect(images.0 == images.1)
        #expect(images.0.profiles.count == 9_000)

        var after = try ShardHarness(features: EveryFeature.counts)
        try after.restore(harness.snapshot())
        #expect(Image(&after) == Image(&harness))
        #expect(after.shard.customerCount == 3_000)
    }

    @Test func `an empty shard is saved and made again`() throws {
        var harness = try ShardHarness(features: EveryFeature.all)
        let bytes = harness.snapshot()
        #expect(bytes.snapshotFault == nil)
        try harness.restore(bytes)
        _ = harness.receive(PointShop.event("c", at: [], minute: 0))
        #expect(harness.shard.customerCount == 1)
    }

    @Test func `the header tells what the snapshot is of`() throws {
        var harness = try ShardHarness(features: EveryFeature.all)
        for number in 0..<10 { _ = harness.receive(PointShop.event("c\(number)", at: [], minute: number)) }
        _ = harness.receive(PointShop.control("forget", "c3", minute: 10))
        let header = try SnapshotReader(harness.snapshot()).header
        #expect(header.place == .test)
        #expect(header.rowCount == 10 && header.customerCount == 9)
        #expect(header.streamTimeMilliseconds == PointShop.time(9))
        #expect(header.counters.erased == 1 && header.counters.accepted == 11)
        #expect(header.plan.features.map(\.name) == EveryFeature.all.map(\.name))
    }

    @Test func `a snapshot holds no byte of a customer who was forgotten before it`() throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        for number in 0..<500 {
            _ = harness.receive(PointShop.event("victim\(number)!", at: [], minute: number))
            _ = harness.receive(PointShop.event("a victim of long name \(number)!", at: [], minute: number))
        }
        func holds(_ name: String) throws -> Bool {
            let expanded = try ExpandedSnapshot(harness.snapshot())
            return expanded.contains(name)
        }
        #expect(try holds("victim7!") && holds("victim of long name 7!"))
        _ = harness.receive(PointShop.control("forget", "victim7!", minute: 501))
        _ = harness.receive(PointShop.control("forget", "a victim of long name 7!", minute: 501))
        #expect(try !holds("victim7!") && !holds("victim of long name 7!"))
        #expect(try holds("victim8!"))
    }
}
