import ShoalCore
import Testing

@Suite struct EventDecoderTests {
    private static let head = #""type":"purchase","customer_id":"c1","timestamp":1767225600000"#

    private func event(_ rest: String, schema: EventSchema = EventSchema()) -> DecoderHarness.Decoded? {
        DecoderHarness(schema: schema).decode("{\(Self.head)\(rest.isEmpty ? "" : ",")\(rest)}").event
    }

    @Test func `a whole event arrives in its fields`() throws {
        let text = #"""
            {"event_id":"e1","type":"product_view","customer_id":"c0019889","timestamp":"2026-01-01T00:00:13.491Z",
            "session_id":"s1","product_id":"p19660","category":"home","price":13.25,"quantity":2,"channel":"web"}
            """#
        let event = try #require(DecoderHarness().decode(text).event)
        #expect(event.fingerprint == DecoderHarness.fingerprint("e1"))
        #expect(event.customer == Array("c0019889".utf8))
        #expect(event.milliseconds == 1_767_225_613_491)
        #expect(event.purpose == .ordinary)
        #expect(
            event.fields == [
                "type": .text("product_view"), "session_id": .text("s1"), "product_id": .text("p19660"),
                "category": .text("home"), "price": .real(13.25), "quantity": .integer(2),
                "channel": .text("web"), "amount": .real(26.5),
            ])
        #expect(event.items.isEmpty)
    }

    @Test func `nothing of one event is left in the next`() throws {
        let harness = DecoderHarness()
        let basket = #"{\#(Self.head),"event_id":"e1","category":"x","items":[{"price":1}]}"#
        _ = try #require(harness.decode(basket).event)
        let event = try #require(harness.decode("{\(Self.head)}").event)
        #expect(event.fields == ["type": .text("purchase")])
        #expect(event.fingerprint == nil && event.items.isEmpty)
        _ = try #require(harness.decode(#"{\#(Self.head),"type2":1,"customer_ids":2,"itemz":[]}"#).event)
    }

    @Test(arguments: [true, false])
    func `padding only spares a copy`(isPadded: Bool) throws {
        let harness = DecoderHarness()
        for length in 0..<200 {
            let name = String(repeating: "n", count: length)
            let text = #"{\#(Self.head),"category":"\#(name)"}"#
            let event = try #require(harness.decode(text, isPadded: isPadded).event)
            #expect(event.fields["category"] == .text(name))
        }
    }

    @Test func `paths reach into objects and keep kinds apart`() {
        let schema = EventSchema(additionalPaths: ["properties.nps", "properties.deep.er", "flag", "other"])
        let event = event(
            #""properties":{"nps":9,"deep":{"er":"x"}},"flag":true,"other":{"nps":1}"#, schema: schema)
        #expect(event == nil, "`other` is read and is an object")
        let read = self.event(
            #""properties":{"nps":9,"deep":{"er":"x","flag":2}},"flag":true,"nps":3"#, schema: schema)
        #expect(read?.fields["properties.nps"] == .integer(9))
        #expect(read?.fields["properties.deep.er"] == .text("x"))
        #expect(read?.fields["flag"] == .boolean(true))
        #expect(read?.fields["other"] == nil)
    }

    @Test func `an amount comes from itself, the basket, or price and quantity`() {
        #expect(event(#""amount":5,"price":2,"items":[{"price":3}]"#)?.amount == 5)
        #expect(event(#""price":2,"quantity":7,"items":[{"price":3,"quantity":2},{"price":1}]"#)?.amount == 7)
        #expect(event(#""price":2.5,"quantity":3"#)?.amount == 7.5)
        #expect(event(#""price":2.5"#)?.amount == 2.5)
        #expect(event(#""quantity":3"#)?.amount == nil)
        #expect(event(#""price":2,"items":[]"#)?.amount == 2, "an empty list is absent")
        #expect(event(#""price":2,"items":null"#)?.amount == 2)
        #expect(event(#""amount":null,"price":2"#)?.amount == 2)
        #expect(event(#""amount":-0.0"#)?.amount?.sign == .plus)
        #expect(event(#""amount":-12.5"#)?.amount == -12.5)
        #expect(event(#""price":-0.0"#)?.amount?.sign == .plus)
    }

    @Test func `a basket keeps its lines in order`() {
        let event = event(
            #""items":[{"product_id":"a","category":2103807459595387724,"quantity":2,"price":1.5},{"extra":{}}]"#
        )
        #expect(
            event?.items == [
                .init(
                    productID: .text("a"), category: .integer(2_103_807_459_595_387_724), quantity: 2,
                    price: 1.5),
                .init(),
            ])
    }

    @Test func `ids may be integers and stay exact`() {
        let harness = DecoderHarness()
        for id in ["0", "-1", "17850", "9007199254740993", "-9223372036854775808", "18446744073709551615"] {
            let text = #"{"type":"t","customer_id":\#(id),"event_id":\#(id),"timestamp":1767225600000}"#
            let event = harness.decode(text).event
            #expect(event?.customer == Array(id.utf8))
            #expect(event?.fingerprint == DecoderHarness.fingerprint(id))
        }
        let wide = harness.decode(#"{\#(Self.head),"category":18446744073709551615}"#).event
        #expect(wide?.fields["category"] == .text("18446744073709551615"))
    }

    @Test func `control types say what they ask`() {
        let harness = DecoderHarness()
        let purposes: [(String, Event.Purpose)] = [
            ("consent_withdrawn", .consentWithdrawn), ("consent_granted", .consentGranted),
            ("forget", .forget), ("identify", .identify), ("Forget", .ordinary), ("purchase", .ordinary),
        ]
        for (type, purpose) in purposes {
            let text = #"{"type":"\#(type)","customer_id":"c","anonymous_id":"a1","timestamp":1767225600000}"#
            let event = harness.decode(text).event
            #expect(event?.purpose == purpose)
            #expect(event?.anonymousID == (purpose == .identify ? "a1" : ""))
        }
    }

    @Test func `a missing time is the record's own`() {
        let harness = DecoderHarness()
        let text = #"{"type":"t","customer_id":"c"}"#
        #expect(harness.decode(text, record: 1_767_225_600_000).event?.milliseconds == 1_767_225_600_000)
        #expect(harness.decode(text).rejection?.reason == .badTimestamp)
        #expect(harness.decode(text, record: -1).rejection?.reason == .badTimestamp)
        #expect(harness.decode(text, record: 15).rejection?.reason == .timestampTooOld)
    }

    @Test func `the future begins after the latest time`() {
        let harness = DecoderHarness()
        let text = "{\(Self.head)}"
        #expect(harness.decode(text, latest: 1_767_225_600_000).event != nil)
        #expect(harness.decode(text, latest: 1_767_225_599_999).rejection?.reason == .timestampInFuture)
    }

    @Test func `measures are bounded and what is only compared is not`() {
        var schema = EventSchema()
        _ = schema.index(adding: "properties.brand", comparedOnly: true)
        _ = schema.index(adding: "properties.nps")
        let harness = DecoderHarness(schema: schema)
        let brand = #"{\#(Self.head),"properties":{"brand":2103807459595387724}}"#
        #expect(
            harness.decode(brand).event?.fields["properties.brand"] == .integer(2_103_807_459_595_387_724))
        let nps = #"{\#(Self.head),"properties":{"nps":1000000000001}}"#
        #expect(harness.decode(nps).rejection == EventRejection(.badNumber, "num_range: properties.nps"))
    }

    @Test func `a path that is compared and measured is a measure`() {
        var schema = EventSchema()
        let index = schema.index(adding: "x", comparedOnly: true)
        #expect(schema.comparedOnly == [index])
        #expect(schema.index(adding: "x") == index)
        #expect(schema.comparedOnly.isEmpty)
        #expect(schema.index(adding: "x", comparedOnly: true) == index)
        #expect(schema.comparedOnly.isEmpty)
    }

    @Test func `limits are inclusive`() {
        var limits = EventLimits()
        limits.recordBytesMax = 200
        limits.depthMax = 3
        limits.fieldsMax = 6
        limits.itemsMax = 2
        limits.idBytesMax = 4
        let harness = DecoderHarness(limits: limits)
        func outcome(_ id: String, _ rest: String) -> EventRejection.Reason? {
            harness.decode(#"{"type":"t","customer_id":"\#(id)","timestamp":1767225600000,\#(rest)}"#)
                .rejection?.reason
        }
        #expect(outcome("1234", #""a":1"#) == nil)
        #expect(outcome("12345", #""a":1"#) == .badCustomer)
        #expect(outcome("1", #""items":[{},{}]"#) == nil)
        #expect(outcome("1", #""items":[{},{},{}]"#) == .tooLarge)
        #expect(outcome("1", #""a":1,"b":2,"c":3"#) == nil)
        #expect(outcome("1", #""a":1,"b":2,"c":3,"d":4"#) == .tooLarge)
        #expect(outcome("1", #""a":[[]]"#) == nil)
        #expect(outcome("1", #""a":[{"x":{}}]"#) == .tooDeep)
        #expect(outcome("1", #""a":[[[]]]"#) == .tooDeep)
        #expect(outcome("1", #""a":{"b":{"c":{}}}"#) == .tooDeep)
        #expect(outcome("1", #""items":[{"x":[]}]"#) == .tooDeep)
        let short = #"{"type":"t","customer_id":"1","timestamp":1767225600000}"#
        let padding = String(repeating: " ", count: 200 - short.utf8.count)
        #expect(harness.decode(short + padding).event != nil)
        #expect(harness.decode(short + padding + " ").rejection?.reason == .tooLarge)
    }

    @Test func `the default depth is 32`() {
        let harness = DecoderHarness()
        func nested(_ depth: Int) -> String {
            let open = String(repeating: "[", count: depth - 1)
            return #"{\#(Self.head),"x":\#(open)\#(String(repeating: "]", count: depth - 1))}"#
        }
        #expect(harness.decode(nested(32)).event != nil)
        #expect(harness.decode(nested(33)).rejection?.reason == .tooDeep)
        #expect(harness.decode(nested(34)).rejection?.reason == .tooDeep)
        #expect(harness.decode(nested(5_000)).rejection?.reason == .tooDeep)
    }

    @Test func `keys are told apart wherever they are and however many there were`() {
        var limits = EventLimits()
        limits.fieldsMax = 3_000
        limits.recordBytesMax = 1 << 20
        let harness = DecoderHarness(limits: limits)
        // More distinct keys than the reader numbers, so that the slow comparison is used as well.
        for round in 0..<2 {
            let keys = (0..<2_000).map { #""key\#($0)\#(String(repeating: "x", count: $0 % 200))":1"# }
            let all = keys.joined(separator: ",")
            #expect(harness.decode("{\(Self.head),\(all)}").event != nil, "round \(round)")
            for duplicate in [0, 3, 700, 1_999] {
                let outcome = harness.decode("{\(Self.head),\(all),\(keys[duplicate])}")
                #expect(outcome.rejection == EventRejection(.notJSON, "duplicate_key"))
            }
        }
    }

    @Test(arguments: [
        #""a":1,"a":1"#, #""x":{"a":1,"a":2}"#, #""x":[{"a":1,"b":{},"a":2}]"#,
        #""x":{"a":{"b":1},"b":1,"a":{}}"#, #""items":[{"price":1,"price":2}]"#,
        #""items":[{"x":{"y":1,"y":1}}]"#, #""type":"t""#, #""\u0061":1,"a":1"#, #""":1,"":2"#,
        #""abcdefghijklmnopqrstuvwxyz":1,"abcdefghijklmnopqrstuvwxyz":2"#,
    ])
    func `a key may be given once in an object`(rest: String) {
        let harness = DecoderHarness()
        let wanted = DecoderHarness.Outcome.rejected(EventRejection(.notJSON, "duplicate_key"))
        #expect(harness.decode("{\(Self.head),\(rest)}") == wanted)
        #expect(harness.decode("{\(Self.head),\(rest)}") == wanted, "also the second time")
    }

    @Test func `the same key in different objects is no duplicate`() {
        let text = #"""
            {\#(Self.head),"a":{"a":{"a":1},"b":[{"a":1},{"a":1}]},"b":{"a":1},
            "items":[{"type":1,"a":{"type":1}},{"type":1}],"abcdefghijklmnopq":1,"abcdefghijklmnopr":1}
            """#
        #expect(DecoderHarness().decode(text).event != nil)
    }
}
