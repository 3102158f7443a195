import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Margin, confirm and least dwell together, against a slow statement of the rule.
@Suite struct ShardSteadinessTests {
    struct Rule: Sendable {
        var margin: Double
        var confirm: Int
        var dwellMinutes: Int
    }

    /// The rule as the design words it, for one customer.
    private struct Reference {
        let rule: Rule
        var segment: Int?
        var changedAt: Int64 = .min
        var candidate: Int?
        var agreed = 0
        var suppressed = 0

        /// Returns the new segment if the customer moves.
        mutating func look(_ distances: [Double], now: Int64) -> Int? {
            let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
            guard let segment else { return move(to: nearest, now) }
            if nearest == segment {
                agreed = 0
                return nil
            }
            guard distances[nearest] < (1 - rule.margin) * distances[segment] else {
                agreed = 0
                suppressed += 1
                return nil
            }
            agreed = candidate == nearest && agreed > 0 ? agreed + 1 : 1
            candidate = nearest
            if agreed >= rule.confirm, now - changedAt >= Int64(rule.dwellMinutes) * 60_000 {
                return move(to: nearest, now)
            }
            suppressed += 1
            return nil
        }

        private mutating func move(to nearest: Int, _ now: Int64) -> Int {
            segment = nearest
            changedAt = now
            agreed = 0
            return nearest
        }
    }

    private static let shop = PointShop(
        segments: [
            PointShop.Segment(id: 4, name: "a", centre: [0, 0]),
            PointShop.Segment(id: 2, name: "b", centre: [6, 1]),
            PointShop.Segment(id: 7, name: "c", centre: [2, 5]),
        ], scales: [2, 0.5], weights: [1, 0.25], means: [0, 0])

    private static let rules = [
        Rule(margin: 0, confirm: 1, dwellMinutes: 0), Rule(margin: 0.3, confirm: 1, dwellMinutes: 0),
        Rule(margin: 0, confirm: 3, dwellMinutes: 0), Rule(margin: 0, confirm: 1, dwellMinutes: 40),
        Rule(margin: 0.2, confirm: 2, dwellMinutes: 0), Rule(margin: 0.1, confirm: 2, dwellMinutes: 25),
    ]

    @Test(arguments: [1, 2, 3] as [UInt64], 0..<6)
    func `customers move exactly when the rule says so`(seed: UInt64, ruleIndex: Int) throws {
        let rule = Self.rules[ruleIndex]
        var settings = ModelSettings()
        settings.margin = rule.margin
        settings.confirm = rule.confirm
        // Looks that time causes are evaluations too; the rule here is told of events alone.
        settings.sweepInterval = 365 * 86_400_000
        settings.minDwell = Int64(rule.dwellMinutes) * 60_000
        var harness = try ShardHarness(features: Self.shop.features, model: settings)
        harness.shard.adopt(Self.shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        var generator = SeededGenerator(seed: seed)
        var references = Array(repeating: Reference(rule: rule), count: 6)
        var expected: [String] = []
        for minute in 0..<700 {
            let customer = generator.nextIndex(below: references.count)
            let point = [generator.nextUnit() * 8 - 1, generator.nextUnit() * 7 - 1]
            _ = harness.receive(PointShop.event("c\(customer)", at: point, minute: minute))
            let distances = Self.shop.segments.map { Self.shop.squaredDistance(point, $0.centre) }
            if let moved = references[customer].look(distances, now: PointShop.time(minute)) {
                expected.append("c\(customer) s\(Self.shop.segments[moved].id) \(PointShop.text(minute))")
            }
        }
        let changes = try harness.changes()
        #expect(
            changes.map { "\($0.customer) \($0.to ?? "none") \($0.at)" } == expected,
            "seed \(seed) rule \(rule)")
        let suppressed = references.map(\.suppressed).reduce(0, +)
        #expect(harness.shard.counters.suppressedFlaps == suppressed, "seed \(seed) rule \(rule)")
        #expect(changes.count > 15 && (suppressed > 10 || rule.margin + Double(rule.confirm) == 1))
        for (customer, series) in Dictionary(grouping: changes, by: \.customer) {
            #expect(series.map(\.revision) == Array(1...series.count), "\(customer)")
            #expect(series.dropFirst().map(\.from) == series.dropLast().map(\.to), "\(customer)")
        }
    }
}
