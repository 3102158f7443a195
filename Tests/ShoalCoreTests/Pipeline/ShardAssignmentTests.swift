import ShoalTestSupport
import Testing

@testable import ShoalCore

/// When a customer is given a segment and when they keep it.
@Suite struct ShardAssignmentTests {
    private static func harness(
        _ shop: PointShop, _ adjust: (inout ModelSettings) -> Void = { _ in }
    ) throws -> ShardHarness {
        var settings = ModelSettings()
        settings.margin = 0
        adjust(&settings)
        return try ShardHarness(features: shop.features, model: settings)
    }

    private static func adopt(_ shop: PointShop, into harness: inout ShardHarness) {
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
    }

    @Test func `the first model assigns everybody, in order of appearance`() throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop)
        var generator = SeededGenerator(seed: 3)
        let customers = (0..<60).map { "c\($0 * 37 % 60)" }
        var points: [String: [Double]] = [:]
        for (minute, customer) in customers.enumerated() {
            let point = [generator.nextUnit() * 12 - 1, generator.nextUnit()]
            points[customer] = point
            _ = harness.receive(PointShop.event(customer, at: point, minute: minute))
        }
        // Neither of these has a place: one has taken consent back, the other never did anything.
        _ = harness.receive(PointShop.control("consent_withdrawn", customers[5], minute: 61))
        _ = harness.receive(PointShop.control("consent_withdrawn", "stranger", minute: 62))
        #expect(harness.output.records.count == 0)
        Self.adopt(shop, into: &harness)
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == customers.filter { $0 != customers[5] })
        for change in changes {
            let point = try #require(points[change.customer])
            let distances = shop.segments.map { shop.squaredDistance(point, $0.centre) }
            #expect(change.to == (distances[0] < distances[1] ? "s1" : "s2"), "\(change.json)")
            #expect(change.json["from"]?.isNull == true)
            #expect(change.revision == 1 && change.cause == "model")
            let minute = try #require(customers.firstIndex(of: change.customer))
            #expect(change.firstSeen == PointShop.time(minute))
            #expect(change.at == PointShop.text(59), "words about a customer move no time")
        }
        let now = try harness.currentSegments()
        #expect(now.map(\.key) == changes.map(\.customer))
        #expect(now.map { $0.record?.to } == changes.map(\.to))
        #expect(now.map { $0.record?.revision } == changes.map(\.revision))
        #expect(harness.shard.counters.changes == changes.count)
        #expect(harness.shard.flows.dropFirst().map(\.members).reduce(0, +) == changes.count)
    }

    @Test(arguments: [1, 7, 1_000])
    func `assigning step by step writes what assigning at once writes`(limit: Int) throws {
        let shop = PointShop.pair
        var whole = try Self.harness(shop)
        var stepped = try Self.harness(shop)
        for number in 0..<40 {
            let event = PointShop.event("c\(number)", at: [Double(number % 11), 0], minute: number)
            _ = whole.receive(event)
            _ = stepped.receive(event)
        }
        Self.adopt(shop, into: &whole)
        stepped.shard.beginAdopting(shop.model(planHash: stepped.shard.plan.hash))
        var steps = 0
        while stepped.shard.isReassigning {
            let before = stepped.shard.counters.changes
            stepped.shard.reassign(limit: limit, into: &stepped.output)
            #expect(stepped.shard.counters.changes - before <= limit)
            steps += 1
        }
        #expect(steps == max(1, (40 + limit - 1) / limit))
        #expect(try stepped.changes().map(\.json) == whole.changes().map(\.json))
    }

    @Test func `who is erased while others wait to be assigned makes nobody be passed over`() throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop)
        // So many that erasing half of them closes the holes, which moves all that wait.
        let count = 3_000
        for number in 0..<count {
            _ = harness.receive(PointShop.event("c\(number)", at: [Double(number % 11), 0], minute: number))
        }
        harness.shard.beginAdopting(shop.model(planHash: harness.shard.plan.hash))
        harness.shard.reassign(limit: count / 2, into: &harness.output)
        for number in 0..<count / 2 {
            _ = harness.receive(PointShop.control("forget", "c\(number)", minute: count))
        }
        #expect(harness.shard.profiles.compactions > 0)
        while harness.shard.isReassigning { harness.shard.reassign(limit: 100, into: &harness.output) }
        let assigned = try harness.changes().filter { $0.cause == "model" }.map(\.customer)
        #expect(assigned == (0..<count).map { "c\($0)" }, "each once")
    }

    @Test func `a newer version writes nothing by itself, a new generation looks at everybody`() throws {
        var shop = PointShop.pair
        var harness = try Self.harness(shop)
        for number in 0..<10 {
            _ = harness.receive(PointShop.event("c\(number)", at: [Double(number), 0], minute: number))
        }
        Self.adopt(shop, into: &harness)
        harness.output.removeAll()
        // The border moves from 5 to 2.
        shop.segments[1].centre = [4, 0]
        shop.version = 2
        Self.adopt(shop, into: &harness)
        #expect(harness.output.records.count == 0)
        shop.version = 3
        shop.generation = 2
        Self.adopt(shop, into: &harness)
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["c3", "c4", "c5"])
        for change in changes {
            #expect(change.from == "s1" && change.to == "s2" && change.cause == "model")
            #expect(change.revision == 2)
            #expect(change.json["model"]?["version"]?.number == 3)
            #expect(change.json["model"]?["generation"]?.number == 2)
        }
    }

    @Test func `an event's change says who, from where to where, and by which event`() throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop)
        _ = harness.receive(PointShop.event("other", at: [10, 0], minute: 0))
        Self.adopt(shop, into: &harness)
        harness.output.removeAll()
        _ = harness.receive(PointShop.event("c", at: [1, 0], minute: 1))
        _ = harness.receive(PointShop.event("c", at: [2, 0], minute: 2))
        _ = harness.receive(PointShop.event("c", at: [9, 0], minute: 3, type: "purchase"))
        // Late: it is older than what the point was taken from, so nothing moves, not even time.
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 1))
        let changes = try harness.changes()
        #expect(changes.count == 2)
        let (first, second) = (changes[0], changes[1])
        #expect(first.from == nil && first.to == "s1" && first.revision == 1 && first.cause == "event")
        #expect(first.at == PointShop.text(1) && first.firstSeen == PointShop.time(1))
        #expect(second.from == "s1" && second.to == "s2" && second.revision == 2)
        #expect(second.json["from"]?["name"]?.text == "left")
        #expect(second.json["to"]?["name"]?.text == "right")
        #expect(second.at == PointShop.text(3) && second.firstSeen == PointShop.time(1))
        #expect(second.json["change_id"]?.text == "c#\(PointShop.time(1))#2")
        let event = try #require(second.json["event"])
        #expect(event["type"]?.text == "purchase" && event["topic"]?.text == "clicks")
        #expect(event["partition"]?.number == 3 && event["offset"]?.number == 3)
    }

    @Test(
        arguments: [
            (0.0, 5.01, true), (0.0, 4.99, false),
            // 0.9·d²(left) = d²(right) where x = 10/(1 + √0.9).
            (0.1, 5.14, true), (0.1, 5.12, false), (0.5, 5.87, true), (0.5, 5.84, false),
        ] as [(Double, Double, Bool)])
    func `a customer leaves only for a segment that is nearer by the margin`(
        margin: Double, x: Double, leaves: Bool
    ) throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop) { $0.margin = margin }
        Self.adopt(shop, into: &harness)
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        harness.output.removeAll()
        _ = harness.receive(PointShop.event("c", at: [x, 0], minute: 1))
        let changes = try harness.changes()
        #expect(changes.map(\.to) == (leaves ? ["s2"] : []))
        let isHeld = !leaves && x > 5
        #expect(harness.shard.counters.suppressedFlaps == (isHeld ? 1 : 0))
    }

    @Test func `confirm holds a customer until so many looks in a row agree`() throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop) { $0.confirm = 3 }
        Self.adopt(shop, into: &harness)
        // Right twice, then left: the count begins again.
        for (minute, x) in [0.0, 9, 9, 1, 9, 9, 9, 9].enumerated() {
            _ = harness.receive(PointShop.event("c", at: [x, 0], minute: minute))
        }
        let changes = try harness.changes()
        #expect(changes.map(\.to) == ["s1", "s2"])
        #expect(changes.last?.at == PointShop.text(6))
        #expect(harness.shard.counters.suppressedFlaps == 4)
    }

    @Test func `a customer must stay for min_dwell, however often another segment is nearer`() throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop) {
            $0.minDwell = 600 * 60_000
            $0.confirm = 3
        }
        Self.adopt(shop, into: &harness)
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        for minute in 1...599 { _ = harness.receive(PointShop.event("c", at: [9, 0], minute: minute)) }
        let held = try harness.changes()
        #expect(held.map(\.to) == ["s1"])
        #expect(harness.shard.counters.suppressedFlaps == 599)
        // However long the row of agreeing looks was, it counts.
        _ = harness.receive(PointShop.event("c", at: [9, 0], minute: 600))
        let changes = try harness.changes()
        #expect(changes.map(\.to) == ["s1", "s2"])
        #expect(changes.last?.at == PointShop.text(600))
    }

    @Test(arguments: [250, 256, 257, 258, 511, 513])
    func `looks that min_dwell holds back are never forgotten`(looks: Int) throws {
        let shop = PointShop.pair
        var harness = try Self.harness(shop) {
            $0.minDwell = Int64(looks) * 60_000
            $0.confirm = 4
        }
        Self.adopt(shop, into: &harness)
        for minute in 0...looks {
            _ = harness.receive(PointShop.event("c", at: [minute == 0 ? 0 : 9, 0], minute: minute))
        }
        let changes = try harness.changes()
        #expect(changes.map(\.at) == [PointShop.text(0), PointShop.text(looks)])
    }

    @Test func `whoever is in a segment that the model gave up moves, whatever the margin`() throws {
        var shop = PointShop.pair
        var harness = try Self.harness(shop) {
            $0.margin = 0.9
            $0.confirm = 5
            $0.minDwell = 1_000_000_000
        }
        Self.adopt(shop, into: &harness)
        for number in 0..<4 {
            let x = Double(number / 2 * 10)
            _ = harness.receive(PointShop.event("c\(number)", at: [x, 0], minute: number))
        }
        harness.output.removeAll()
        shop.segments = [
            PointShop.Segment(id: 2, name: "right", centre: [10, 0]),
            PointShop.Segment(id: 3, name: "new", centre: [1, 1]),
        ]
        shop.version = 2
        shop.generation = 2
        Self.adopt(shop, into: &harness)
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["c0", "c1"])
        for change in changes {
            #expect(change.from == "s1" && change.to == "s3" && change.cause == "model")
            #expect(change.json["from"]?["name"]?.text == "left", "its name outlives it")
        }
        #expect(harness.shard.flows.map(\.members) == [0, 0, 2, 2])
        #expect(harness.shard.flows.map(\.left) == [0, 2, 0, 0])
        #expect(harness.shard.flows.map(\.entered) == [0, 2, 2, 2])
    }
}
