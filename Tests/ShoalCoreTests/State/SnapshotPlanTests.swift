import ShoalTestSupport
import Testing

@testable import ShoalCore

/// A plan that changes between two runs.
@Suite struct SnapshotPlanTests {
    private static func harness(_ features: [FeatureDefinition], events: Int = 0) throws -> ShardHarness {
        var harness = try ShardHarness(features: features)
        var history = RandomHistory(seed: 3, customers: 70)
        for _ in 0..<events { _ = harness.receive(history.next()) }
        return harness
    }

    /// Every customer's raw features by name.
    private static func values(_ harness: borrowing ShardHarness) -> [[String: Double]] {
        let names = harness.shard.plan.definitions.map(\.name)
        var values: [[String: Double]] = []
        harness.shard.forEachProfile {
            values.append(Dictionary(uniqueKeysWithValues: zip(names, $0.raw)))
        }
        return values
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `features with the same name and definition keep what they have, whatever comes and goes`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        func choice() -> [FeatureDefinition] {
            var chosen = EveryFeature.all.filter { _ in generator.nextUnit() < 0.6 }
            for index in chosen.indices.dropFirst() {
                chosen.swapAt(index, generator.nextIndex(below: index + 1))
            }
            return chosen.isEmpty ? [EveryFeature.all[0]] : chosen
        }
        var old = try Self.harness(choice(), events: 600)
        var new = try Self.harness(choice())
        let bytes = old.snapshot()
        let transition = try SnapshotReader(bytes).transition(to: new.shard.plan)
        let oldNames = Set(old.shard.plan.definitions.map(\.name))
        let newNames = new.shard.plan.definitions.map(\.name)
        #expect(Set(transition.kept) == oldNames.intersection(newNames))
        #expect(Set(transition.started) == Set(newNames).subtracting(oldNames))
        #expect(Set(transition.dropped) == oldNames.subtracting(newNames))
        try new.restore(bytes)
        let (before, after) = (Self.values(old), Self.values(new))
        #expect(before.count == after.count)
        for (before, after) in zip(before, after) {
            for name in transition.kept { #expect(before[name] == after[name], "seed \(seed) \(name)") }
        }
        // It goes on as well.
        _ = new.receive(PointShop.event("c1", at: [], minute: 100_000, type: "purchase"))
    }

    @Test func `a feature of another definition starts empty, and says so`() throws {
        let day: Int64 = 86_400_000
        let count = FeatureDefinition(name: "n", kind: .count(.all, halfLife: 30 * day))
        let last = FeatureDefinition(name: "l", kind: .last(of: "price", .all))
        var old = try Self.harness([count, last], events: 300)
        var changed = count
        changed.kind = .count(.all, halfLife: 31 * day)
        var new = try Self.harness([last, changed])
        let bytes = old.snapshot()
        let transition = try SnapshotReader(bytes).transition(to: new.shard.plan)
        #expect(transition.kept == ["l"] && transition.started == ["n"] && transition.dropped == ["n"])
        #expect(transition.isChange)
        try new.restore(bytes)
        #expect(Self.values(new).allSatisfy { $0["n"] == 0 })
        #expect(Self.values(new).map { $0["l"] } == Self.values(old).map { $0["l"] })
    }

    @Test func `how a feature is looked at may change without losing what it has`() throws {
        var old = try Self.harness(EveryFeature.all, events: 300)
        let changed = EveryFeature.all.map { definition in
            var definition = definition
            definition.transform = .sqrt
            definition.weight = 0.5
            if case .since(let filter, _) = definition.kind { definition.kind = .since(filter, cap: 1 << 40) }
            return definition
        }
        let bytes = old.snapshot()
        var new = try Self.harness(changed)
        #expect(try !SnapshotReader(bytes).transition(to: new.shard.plan).isChange)
        try new.restore(bytes)
        let names = ["net", "nps", "gap", "variety", "food_value"]
        for (before, after) in zip(Self.values(old), Self.values(new)) {
            for name in names { #expect(before[name] == after[name], "\(name)") }
        }
    }
}
