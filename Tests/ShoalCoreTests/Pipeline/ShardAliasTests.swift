import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct ShardAliasTests {
    private static let start: Int64 = 1_767_225_600_000

    private static func identify(_ customer: String, _ alias: String) -> String {
        #"{"type":"identify","customer_id":"\#(customer)","anonymous_id":"\#(alias)","timestamp":\#(start)}"#
    }

    private static func event(_ type: String, _ customer: String) -> String {
        #"{"type":"\#(type)","customer_id":"\#(customer)","timestamp":\#(start),"amount":2}"#
    }

    private static func aliases(_ harness: borrowing ShardHarness, of customer: String) -> [String]? {
        harness.shard.report(of: Array(customer.utf8))?.aliases.map { String(decoding: $0, as: UTF8.self) }
    }

    /// What is known of a customer: the last eight names, unless consent was withdrawn.
    private struct Known: Equatable {
        var aliases: [String] = []
        var isFrozen = false
        var count = 0
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a profile's last eight aliases outlive everything but erasure`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var harness = try ShardHarness(features: EveryFeature.counts)
        var known: [String: Known] = [:]
        // Lengths on both sides of what fits into a row.
        let customers = (0..<40).map { "c\($0)" + String(repeating: "x", count: $0) }
        for step in 0..<4_000 {
            let customer = customers[generator.nextIndex(below: customers.count)]
            switch generator.nextIndex(below: 20) {
            case 0..<10:
                let length = [1, 2, 15, 16, 17, 36, 255][generator.nextIndex(below: 7)]
                let alias = String(repeating: "\(generator.nextIndex(below: 10))", count: length)
                _ = harness.receive(Self.identify(customer, alias))
                guard var one = known[customer], !one.isFrozen, !one.aliases.contains(alias) else { continue }
                one.aliases = (one.aliases + [alias]).suffix(8)
                known[customer] = one
            case 10..<16:
                _ = harness.receive(Self.event("purchase", customer))
                known[customer, default: Known()].count += 1
            case 16:
                _ = harness.receive(Self.event("consent_withdrawn", customer))
                known[customer, default: Known()].isFrozen = true
            case 17:
                _ = harness.receive(Self.event("consent_granted", customer))
                known[customer]?.isFrozen = false
            case 18:
                _ = harness.receive(Self.event("forget", customer))
                known[customer] = nil
            default:
                guard step % 10 == 0 else { continue }
                let bytes = harness.snapshot()
                harness = try ShardHarness(features: EveryFeature.counts)
                try harness.restore(bytes)
            }
        }
        for customer in customers {
            let found = Self.aliases(harness, of: customer)
            #expect(found == known[customer]?.aliases, "\(customer)")
        }
        #expect(known.values.contains { $0.aliases.count == 8 })
    }

    @Test func `an id is no alias of itself, and of an unknown customer none is kept`() throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        _ = harness.receive(Self.identify("c", "a"))
        #expect(Self.aliases(harness, of: "c") == nil)
        _ = harness.receive(Self.event("purchase", "c"))
        _ = harness.receive(Self.identify("c", "c"))
        #expect(Self.aliases(harness, of: "c")?.isEmpty == true)
    }

    @Test func `what is saved while events go on has the aliases of the moment`() throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        for number in 0..<500 {
            _ = harness.receive(Self.event("purchase", "c\(number)"))
            _ = harness.receive(Self.identify("c\(number)", "before \(number)"))
        }
        let running = RunningSnapshot(of: &harness)
        for number in 0..<500 {
            _ = harness.receive(Self.identify("c\(number)", "after \(number)"))
            if number % 3 == 0 { _ = harness.receive(Self.event("forget", "c\(number)")) }
        }
        let bytes = running.finish(&harness)
        var restored = try ShardHarness(features: EveryFeature.counts)
        try restored.restore(bytes)
        for number in 0..<500 {
            #expect(Self.aliases(restored, of: "c\(number)") == ["before \(number)"])
        }
        #expect(Self.aliases(harness, of: "c0") == nil)
        #expect(Self.aliases(harness, of: "c1") == ["before 1", "after 1"])
    }
}
