import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Who is held out, and that every record says so.
@Suite struct HoldoutTests {
    private static func controls(_ holdout: Holdout, among count: Int) -> Set<Int> {
        Set((0..<count).filter { holdout.group(of: Array("customer-\($0)".utf8)) == .control })
    }

    @Test(arguments: [0.01, 0.1, 0.5, 0.9])
    func `so many are held out, and by another salt others`(share: Double) {
        let count = 40_000
        let first = Self.controls(Holdout(share: share, salt: "spring"), among: count)
        let second = Self.controls(Holdout(share: share, salt: "summer"), among: count)
        for (chosen, expected) in [
            (first, share), (second, share), (first.intersection(second), share * share),
        ] {
            // Five standard deviations of independent draws.
            let deviation = (expected * (1 - expected) * Double(count)).squareRoot()
            #expect(abs(Double(chosen.count) - expected * Double(count)) < 5 * deviation)
        }
    }

    /// A larger share keeps whom a smaller one has held out.
    @Test func `who is held out stays so when the share grows`() {
        let few = Self.controls(Holdout(share: 0.1, salt: ""), among: 10_000)
        let more = Self.controls(Holdout(share: 0.2, salt: ""), among: 10_000)
        #expect(few.isStrictSubset(of: more))
    }

    /// These must never change: somebody may be half-way through an experiment.
    @Test func `the groups are those of every version`() {
        let spring: Set = [5, 7, 12, 16, 17, 20, 22, 23, 32, 33, 34, 35, 37]
        #expect(Self.controls(Holdout(share: 0.2, salt: "spring"), among: 40) == spring)
        let unsalted: Set = [6, 10, 14, 20, 21, 24, 31]
        #expect(Self.controls(Holdout(share: 0.2, salt: ""), among: 40) == unsalted)
    }

    @Test func `changes and current segments name the group, an erasure too`() throws {
        let shop = PointShop.pair
        let holdout = Holdout(share: 0.5, salt: "spring")
        var harness = try ShardHarness(features: shop.features, holdout: holdout)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        let customers = (0..<20).map { "c\($0)" }
        for customer in customers { _ = harness.receive(PointShop.event(customer, at: [1, 0], minute: 0)) }
        for customer in customers { _ = harness.receive(PointShop.control("forget", customer, minute: 1)) }
        let groups = Dictionary(
            uniqueKeysWithValues: customers.map { ($0, holdout.group(of: Array($0.utf8)).rawValue) })
        #expect(Set(groups.values) == ["treatment", "control"])
        let changes = harness.records(.changes)
        #expect(changes.count == 40)
        for record in changes + harness.records(.currentSegments) {
            guard let value = record.value else { continue }
            #expect(try OrderedJSON(parsing: value)["group"]?.text == groups[record.key])
        }
    }

    @Test func `without a holdout there are no groups`() throws {
        let shop = PointShop.pair
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("c1", at: [1, 0], minute: 0))
        let records = harness.records(.changes) + harness.records(.currentSegments)
        #expect(records.count == 2)
        for record in records { #expect(record.value?.contains("group\"") == false) }
    }
}
