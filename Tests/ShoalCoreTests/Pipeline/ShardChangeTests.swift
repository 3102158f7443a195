import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What a change says: numbers, reasons, and every byte of its text.
@Suite struct ShardChangeTests {
    /// Seven features, one of them constant, one without weight, and scales far apart.
    private static func shop(seed: UInt64, segments: Int) -> PointShop {
        var generator = SeededGenerator(seed: seed)
        let scales = [1, 0.1, 30, 2.5, 0, 0.7, 4]
        func point() -> [Double] { scales.map { generator.nextUnit() * 4 * max($0, 0.5) } }
        return PointShop(
            segments: (1...segments).map {
                PointShop.Segment(
                    id: $0 * 3, name: "group \($0)", centre: point(), outlierSquaredDistance: 9)
            }, scales: scales, weights: [1, 0.5, 2, 1, 5, 0, 0.1], means: point())
    }

    private static func isNear(_ written: Double?, _ expected: Double) -> Bool {
        guard let written else { return false }
        // Four decimals are written, of what was computed from numbers of 24 bits.
        return abs(written - expected) <= 1e-4 + 1e-5 * abs(expected)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `distance, confidence, outlier and reasons follow from the definition`(seed: UInt64) throws {
        let shop = Self.shop(seed: seed, segments: 10)
        var settings = ModelSettings()
        settings.margin = 0
        var harness = try ShardHarness(features: shop.features, model: settings)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        var generator = SeededGenerator(seed: seed &+ 100)
        var points: [String: [Double]] = [:]
        for minute in 0..<300 {
            let point = shop.scales.map { generator.nextUnit() * 5 * max($0, 0.5) }
            points[PointShop.text(minute)] = point
            let customer = "c\(generator.nextIndex(below: 8))"
            _ = harness.receive(PointShop.event(customer, at: point, minute: minute))
        }
        let changes = try harness.changes()
        #expect(changes.count > 100)
        var outliers = 0
        for change in changes {
            let point = try #require(points[change.at])
            let distances = shop.segments.map { shop.squaredDistance(point, $0.centre) }
            let sorted = distances.sorted()
            let place = "seed \(seed) \(change.json)"
            let to = try #require(shop.segments.first { "s\($0.id)" == change.to })
            #expect(shop.squaredDistance(point, to.centre) == sorted[0], "\(place)")
            #expect(Self.isNear(change.json["distance"]?.number, sorted[0].squareRoot()), "\(place)")
            let confidence = 1 - (sorted[0] / sorted[1]).squareRoot()
            #expect(Self.isNear(change.json["confidence"]?.number, confidence), "\(place)")
            #expect(change.json["outlier"]?.flag == (sorted[0] > 9), "\(place)")
            if sorted[0] > 9 { outliers += 1 }
            try Self.compareReasons(of: change, at: point, to: to, in: shop, place)
        }
        #expect((1..<changes.count).contains(outliers), "both kinds occur")
    }

    private static func compareReasons(
        of change: SegmentChangeRecord, at point: [Double], to: PointShop.Segment, in shop: PointShop,
        _ place: String
    ) throws {
        // On a first assignment the population's mean stands in for the old segment.
        let origin = shop.segments.first { "s\($0.id)" == change.from }?.centre ?? shop.means
        let before = shop.terms(point, origin)
        let gains = zip(before, shop.terms(point, to.centre)).map { $0 - $1 }
        let ranked = gains.indices.filter { gains[$0] > 0 }.sorted { gains[$0] > gains[$1] }
        let total = ranked.reduce(0) { $0 + gains[$1] }
        let expected = Array(ranked.prefix(5))
        let reasons = try change.reasons()
        #expect(reasons.map(\.feature) == expected.map { "f\($0)" }, "\(place)")
        for (reason, axis) in zip(reasons, expected) {
            #expect(isNear(reason.value, point[axis]), "\(place)")
            #expect(isNear(reason.typical, to.centre[axis]), "\(place)")
            #expect(isNear(reason.wasTypical, origin[axis]), "\(place)")
            #expect(abs(reason.contribution - gains[axis] / total) < 1e-4, "\(place)")
        }
    }

    @Test func `five reasons are the most, and features that do not count are none`() throws {
        var shop = PointShop(
            segments: [
                PointShop.Segment(id: 1, name: "a", centre: [0, 0, 0, 0, 0, 0, 0, 0]),
                PointShop.Segment(id: 2, name: "b", centre: [1, 2, 3, 4, 5, 6, 7, 8]),
            ], scales: [1, 1, 1, 1, 1, 1, 1, 0], weights: [1, 1, 1, 1, 1, 1, 0, 1],
            means: [0, 0, 0, 0, 0, 0, 0, 0])
        shop.version = 412
        shop.generation = 3
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("c", at: [0, 0, 0, 0, 0, 0, 0, 0], minute: 0))
        _ = harness.receive(PointShop.event("c", at: [1, 2, 3, 4, 5, 6, 7, 8], minute: 1))
        let changes = try harness.changes()
        let reasons = try changes[1].reasons()
        #expect(reasons.map(\.feature) == ["f5", "f4", "f3", "f2", "f1"])
        let squares = [36, 25, 16, 9, 4].map(Double.init)
        for (reason, square) in zip(reasons, squares) {
            #expect(Self.isNear(reason.contribution, square / 91))
        }
    }

    @Test func `reasons that are written when records are handed out are the same`() throws {
        func records(defersReasons: Bool) throws -> [String] {
            var shop = Self.shop(seed: 5, segments: 10)
            var settings = ModelSettings()
            settings.margin = 0
            var harness = try ShardHarness(features: shop.features, model: settings)
            harness.output = OutputBuffer(defersReasons: defersReasons)
            var generator = SeededGenerator(seed: 105)
            for minute in 0..<400 {
                if minute % 100 == 0 {
                    // A buffer that holds changes of several models has each tell its own reasons.
                    shop.version += 1
                    for index in shop.segments.indices { shop.segments[index].centre[0] += 0.7 }
                    let model = shop.model(planHash: harness.shard.plan.hash)
                    harness.shard.adopt(model, into: &harness.output)
                }
                let point = shop.scales.map { generator.nextUnit() * 5 * max($0, 0.5) }
                let customer = "c\(generator.nextIndex(below: 8))"
                _ = harness.receive(PointShop.event(customer, at: point, minute: minute))
                if minute == 250 {
                    _ = harness.records(.changes)
                    harness.output.removeAll()
                }
            }
            #expect((harness.output.records.first { !$0.isComplete } != nil) == defersReasons)
            let changes = harness.records(.changes).compactMap(\.value)
            #expect(changes.count > 100)
            return changes + harness.records(.currentSegments).compactMap(\.value)
        }
        let written = try records(defersReasons: false)
        #expect(try records(defersReasons: true) == written)
    }

    @Test func `alone or exactly between two, confidence is 1 or 0`() throws {
        var shop = PointShop.pair
        var harness = try ShardHarness(features: shop.features)
        shop.segments[0].centre = [4, 0]
        shop.segments[1].centre = [6, 0]
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("between", at: [5, 0], minute: 0))
        shop.segments[1].centre = [4, 0]
        shop.generation = 2
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("on both", at: [4, 0], minute: 1))
        shop.segments.removeLast()
        shop.generation = 3
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("alone", at: [9, 0], minute: 2))
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["between", "on both", "alone"])
        #expect(changes.map { $0.json["confidence"]?.number } == [0, 0, 1])
        #expect(changes.map { $0.json["distance"]?.number } == [1, 0, 5])
    }

    @Test func `the record is, byte for byte, what the schema's example shows`() throws {
        var shop = PointShop.pair
        shop.version = 412
        shop.generation = 3
        var harness = try ShardHarness(features: shop.features)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("c42", at: [1, 0], minute: 0))
        _ = harness.receive(PointShop.event("c42", at: [8.5, 0.25], minute: 1, type: "purchase"))
        let start = PointShop.startMilliseconds
        #expect(
            harness.records(.changes).last?.value == """
                {"schema":"shoal.segment-change/1","change_id":"c42#\(start)#2","customer_id":"c42",\
                "first_seen":\(start),"revision":2,"from":{"id":"s1","name":"left"},\
                "to":{"id":"s2","name":"right"},"at":"2026-01-01T00:01:00.000Z","cause":"event",\
                "event":{"type":"purchase","topic":"clicks","partition":3,"offset":1},\
                "confidence":0.8212,"distance":1.5207,"outlier":false,"model":{"version":412,"generation":3},\
                "reasons":[{"feature":"f0","value":8.5,"typical":10,"was_typical":0,"contribution":1}]}
                """)
        #expect(
            harness.records(.currentSegments).last?.value == """
                {"schema":"shoal.segment-change/1","change_id":"c42#\(start)#2","customer_id":"c42",\
                "first_seen":\(start),"revision":2,"to":{"id":"s2","name":"right"},\
                "at":"2026-01-01T00:01:00.000Z","cause":"event",\
                "event":{"type":"purchase","topic":"clicks","partition":3,"offset":1},\
                "confidence":0.8212,"distance":1.5207,"outlier":false,"model":{"version":412,"generation":3}}
                """)
        harness.output.removeAll()
        _ = harness.receive(PointShop.control("forget", "c42", minute: 2))
        #expect(
            harness.records(.changes).last?.value == """
                {"schema":"shoal.segment-change/1","change_id":"c42#\(start)#3","customer_id":"c42",\
                "first_seen":\(start),"revision":3,"from":{"id":"s2","name":"right"},"to":null,\
                "at":"2026-01-01T00:01:00.000Z","cause":"erasure"}
                """)
    }

    /// As JSON writes them inside quotes, and as they are.
    private static let awkward: [(written: String, text: String)] = [
        (#"say \"hi\""#, #"say "hi""#), (#"back\\slash"#, #"back\slash"#), ("Zoë 東京 🛒", "Zoë 東京 🛒"),
        ("e\u{301}", "e\u{301}"), (#"\ud83d\uded2 cart"#, "🛒 cart"), ("</script>", "</script>"),
        (#"line\u2028s"#, "line\u{2028}s"),
        (String(repeating: "x\\\"", count: 80), String(repeating: "x\"", count: 80)),
    ]

    @Test(arguments: 0..<8)
    func `ids, types, names and topics come out as they went in, whatever is in them`(index: Int) throws {
        let (written, text) = Self.awkward[index]
        var shop = PointShop.pair
        shop.segments[0].name = text + "\n\u{1}"
        let names = [text, "other"]
        let features = zip(names, shop.features).map {
            FeatureDefinition(name: $0, kind: $1.kind)
        }
        var harness = try ShardHarness(features: features, topics: [text])
        harness.shard.adopt(
            shop.model(planHash: harness.shard.plan.hash, named: names), into: &harness.output)
        let outcome = harness.receive(
            #"{"type":"\#(written)\t","customer_id":"\#(written)","timestamp":\#(PointShop.time(0)),"f0":0,"f1":0}"#
        )
        #expect(outcome == .accepted)
        let change = try #require(try harness.changes().first)
        func isSame(_ value: OrderedJSON?, _ expected: String) -> Bool {
            // By bytes: normalisation matters.
            value?.text.map { Array($0.utf8) } == Array(expected.utf8)
        }
        #expect(isSame(change.json["customer_id"], text))
        #expect(isSame(change.json["to"]?["name"], text + "\n\u{1}"))
        #expect(isSame(change.json["event"]?["type"], text + "\t"))
        #expect(isSame(change.json["event"]?["topic"], text))
        #expect(isSame(change.json["reasons"]?.elements.first?["feature"], text))
        // The key is the id itself, not its JSON.
        #expect(harness.records(.changes).first.map { Array($0.key.utf8) } == Array(text.utf8))
        _ = try harness.currentSegments()
    }
}
