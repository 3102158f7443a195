import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Customers who go because they are idle, or to make room.
@Suite struct ShardLimitTests {
    private static func harness(
        customersMax: Int = .max, idleMinutes: Int? = nil, sweepMinutes: Int = 1_440, hasModel: Bool = true
    ) throws -> ShardHarness {
        let shop = PointShop.pair
        var limits = ProfileLimits()
        limits.customersMax = customersMax
        if let idleMinutes { limits.idleMillisecondsMax = Int64(idleMinutes) * 60_000 }
        var settings = ModelSettings()
        settings.sweepInterval = Int64(sweepMinutes) * 60_000
        var harness = try ShardHarness(features: shop.features, model: settings, limits: limits)
        if hasModel {
            harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        }
        return harness
    }

    private static func customers(_ harness: borrowing ShardHarness) -> [String] {
        var names: [String] = []
        harness.shard.forEachProfile { names.append(String(decoding: $0.customer, as: UTF8.self)) }
        return names
    }

    @Test func `who was away for too long begins anew, and leaves the segment first`() throws {
        var harness = try Self.harness(idleMinutes: 100, sweepMinutes: 1_000_000)
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 100))
        #expect(harness.shard.counters.expired == 0, "the bound itself is still within")
        harness.output.removeAll()
        _ = harness.receive(PointShop.event("c", at: [10, 0], minute: 201))
        let changes = try harness.changes()
        #expect(changes.map(\.revision) == [2, 1])
        #expect(
            changes[0].from == "s1" && changes[0].json["to"]?.isNull == true && changes[0].cause == "time")
        #expect(changes[0].firstSeen == PointShop.time(0) && changes[0].at == PointShop.text(201))
        #expect(changes[1].json["from"]?.isNull == true && changes[1].to == "s2")
        #expect(changes[1].firstSeen == PointShop.time(201))
        let now = try harness.currentSegments()
        #expect(now.count == 2 && now[0].record == nil && now[1].record != nil)
        #expect(harness.shard.counters.expired == 1 && harness.shard.customerCount == 1)
        #expect(harness.shard.flows.map(\.members) == [0, 0, 1])
    }

    @Test func `the sweep says that somebody has expired, without a segment it says nothing`() throws {
        for hasModel in [true, false] {
            var harness = try Self.harness(idleMinutes: 1_000, sweepMinutes: 160, hasModel: false)
            if hasModel {
                let model = PointShop.pair.model(planHash: harness.shard.plan.hash)
                harness.shard.adopt(model, into: &harness.output)
            }
            for number in 0..<40 {
                _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: 0))
            }
            harness.output.removeAll()
            for minute in stride(from: 10, through: 1_200, by: 10) {
                _ = harness.receive(PointShop.event("busy", at: [0, 0], minute: minute))
                if minute == 1_000 { #expect(harness.shard.counters.expired == 0) }
            }
            let left = try harness.changes().filter { $0.customer != "busy" }
            #expect(left.count == (hasModel ? 40 : 0))
            #expect(left.allSatisfy { $0.json["to"]?.isNull == true && $0.cause == "time" })
            #expect(Self.customers(harness) == ["busy"])
            #expect(harness.shard.counters.expired == 40)
        }
    }

    @Test func `what an event finds does not depend on where the sweep is`() throws {
        var outcomes: Set<String> = []
        for sweepMinutes in [10, 160, 5_000, 1_000_000] {
            var harness = try Self.harness(idleMinutes: 300, sweepMinutes: sweepMinutes)
            var generator = SeededGenerator(seed: 8)
            for minute in 0..<4_000 {
                let name = "c\(generator.nextIndex(below: 20) * generator.nextIndex(below: 20))"
                _ = harness.receive(PointShop.event(name, at: [Double(minute % 11), 0], minute: minute))
            }
            var seen: [String] = []
            harness.shard.forEachProfile { profile in
                // Those who have expired may be there or not.
                guard let last = profile.lastEventMilliseconds, last >= PointShop.time(4_000 - 300) else {
                    return
                }
                seen.append("\(String(decoding: profile.customer, as: UTF8.self)) \(profile.raw)")
            }
            outcomes.insert(seen.sorted().joined(separator: "\n"))
        }
        #expect(outcomes.count == 1)
    }

    @Test func `at the limit the longest idle of a few makes room, and nobody else moves`() throws {
        var harness = try Self.harness(customersMax: 64)
        for number in 0..<64 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: number))
        }
        // All but one of the first sixteen act again.
        for number in 0..<16 where number != 9 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: 100))
        }
        harness.output.removeAll()
        _ = harness.receive(PointShop.event("new", at: [10, 0], minute: 101))
        #expect(harness.shard.counters.displaced == 1 && harness.shard.customerCount == 64)
        let expected = (0..<64).map { $0 == 9 ? "new" : "c\($0)" }
        #expect(Self.customers(harness) == expected, "in the very row")
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["c9", "new"])
        #expect(changes[0].json["to"]?.isNull == true && changes[0].cause == "time")
        #expect(changes[1].revision == 1 && changes[1].to == "s2")
        _ = harness.receive(PointShop.event("c9", at: [0, 0], minute: 102))
        let back = try #require(try harness.changes().last)
        #expect(back.customer == "c9" && back.revision == 1 && back.firstSeen == PointShop.time(102))
    }

    @Test func `many newcomers never pass the limit and never move a row`() throws {
        var harness = try Self.harness(customersMax: 100)
        for number in 0..<20_000 {
            let name = number.isMultiple(of: 3) ? "c\(number)" : "a name that is longer than a row: \(number)"
            _ = harness.receive(PointShop.event(name, at: [Double(number % 11), 0], minute: number))
            #expect(harness.shard.customerCount <= 100)
            harness.output.removeAll()
        }
        #expect(harness.shard.counters.displaced == 19_900)
        #expect(harness.shard.profiles.compactions == 0)
        #expect(harness.shard.profileBytes < 100 * harness.shard.plan.layout.stride + 4_096 + (1 << 18))
        let rows = harness.shard.profiles.liveRows
        for index in rows {
            let key = harness.shard.profiles.keyBytes(at: index)
            let found = harness.shard.profiles.find(key)
            #expect(found == index)
        }
        #expect(harness.shard.flows.map(\.members).reduce(0, +) == 100)
    }

    @Test func `a limit that was lowered is reached by and by`() throws {
        var harness = try Self.harness()
        for number in 0..<50 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: number))
        }
        var settings = harness.shard.settings
        settings.limits.customersMax = 10
        try harness.restore(harness.snapshot(), settings: settings)
        for number in 100..<140 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: number))
        }
        #expect(harness.shard.customerCount == 10)
    }

    @Test func `a withdrawn consent is never forgotten for room or for time`() throws {
        var harness = try Self.harness(customersMax: 20, idleMinutes: 1_000, sweepMinutes: 160)
        for number in 0..<30 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: number))
            _ = harness.receive(PointShop.control("consent_withdrawn", "c\(number)", minute: number))
        }
        for number in 0..<3_000 {
            _ = harness.receive(PointShop.event("n\(number)", at: [0, 0], minute: 100 + number))
        }
        #expect(harness.shard.customerCount == 50, "twenty beside those who have withdrawn")
        for number in 0..<30 {
            let outcome = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: 3_200))
            #expect(outcome == .ignored)
        }
        // Who grants it again counts again.
        for number in 0..<30 {
            _ = harness.receive(PointShop.control("consent_granted", "c\(number)", minute: 3_201))
        }
        for number in 0..<200 {
            _ = harness.receive(PointShop.event("m\(number)", at: [0, 0], minute: 3_300 + number))
        }
        #expect(harness.shard.customerCount == 20)
    }

    @Test func `an instance's limit is shared by all partitions`() {
        let limits = ProfileLimits(customersMax: 1_000, partitionCount: 12, idleMillisecondsMax: 5)
        #expect(limits.customersMax == 83 && limits.idleMillisecondsMax == 5)
        let least = ProfileLimits(customersMax: 3, partitionCount: 12, idleMillisecondsMax: 5)
        #expect(least.customersMax == 1)
    }
}
