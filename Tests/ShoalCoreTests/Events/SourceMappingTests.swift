import ShoalCore
import Testing

@Suite struct SourceMappingTests {
    private typealias Field = SourceMapping.Field
    private typealias Condition = SourceMapping.Condition

    private func lines(_ columns: [String]?, separator: Unicode.Scalar = ",") -> SourceMapping {
        let format = SourceMapping.Delimited(separator: UInt8(ascii: separator), columns: columns)
        return SourceMapping(name: "lines", format: .delimited(format))
    }

    private static let names = ["customer_id", "type", "timestamp", "category", "price"]

    // MARK: JSON

    @Test func `fields come from the first path that is present`() {
        var source = SourceMapping(name: "shop")
        source.fields = [
            "customer_id": Field(paths: ["user.id", "user.guest", "visitor"], stripSuffix: ".0"),
            "type": Field(paths: ["event"]), "timestamp": Field(paths: ["at"]),
            "properties.nps": Field(paths: ["survey.score"]),
        ]
        let harness = DecoderHarness(source, schema: EventSchema(additionalPaths: ["properties.nps"]))
        let first = harness.decode(
            #"{"user":{"id":"17850.0","guest":"g"},"event":"x","at":1767225600000,"survey":{"score":7}}"#)
        #expect(first.event?.customer == Array("17850".utf8))
        #expect(first.event?.fields["properties.nps"] == .integer(7))
        let second = harness.decode(#"{"user":{"id":null,"guest":"g"},"event":"x","at":1767225600000}"#)
        #expect(second.event?.customer == Array("g".utf8))
        let third = harness.decode(#"{"visitor":7,"event":"x","at":1767225600000,"customer_id":"no"}"#)
        #expect(third.event?.customer == Array("7".utf8))
        #expect(harness.decode(#"{"customer_id":"c","event":"x"}"#).rejection?.reason == .missingCustomer)
    }

    @Test func `types are renamed, and unknown ones kept, ignored or rejected`() {
        var source = SourceMapping.canonical()
        source.types = ["pv": "product_view", "buy": "purchase", "bye": "forget"]
        func outcome(_ type: String) -> DecoderHarness.Outcome {
            DecoderHarness(source).decode(
                #"{"type":"\#(type)","customer_id":"c","timestamp":1767225600000}"#)
        }
        #expect(outcome("pv").event?.type == "product_view")
        #expect(outcome("bye").event?.purpose == .forget)
        #expect(outcome("other").event?.type == "other")
        source.unknownType = .ignore
        #expect(outcome("other") == .ignored)
        #expect(outcome("buy").event?.type == "purchase")
        source.unknownType = .reject
        #expect(outcome("other").rejection == EventRejection(.badField, "unknown_type"))
    }

    @Test func `rules decide the type before the table does`() {
        var source = SourceMapping.canonical()
        source.types = ["sale": "purchase"]
        source.typeRules = [
            .init(condition: Condition(path: "invoice", test: .prefix("C")), becomes: "return"),
            .init(condition: Condition(path: "total", test: .below(0)), becomes: "correction"),
        ]
        source.constants = ["type": .text("unnamed"), "channel": .text("store"), "store_id": .integer(7)]
        let harness = DecoderHarness(source)
        func event(_ rest: String) -> DecoderHarness.Decoded? {
            harness.decode(#"{"customer_id":"c","timestamp":1767225600000,\#(rest)}"#).event
        }
        #expect(event(#""type":"sale","invoice":"C1","total":-1"#)?.type == "return")
        #expect(event(#""type":"sale","invoice":"1C","total":-0.5"#)?.type == "correction")
        #expect(event(#""type":"sale","invoice":7,"total":0"#)?.type == "purchase")
        #expect(event(#""invoice":"1""#)?.type == "unnamed")
        #expect(event(#""invoice":"1""#)?.fields["channel"] == .text("store"))
        #expect(event(#""channel":"web""#)?.fields["channel"] == .text("web"))
        #expect(event(#""channel":"web""#)?.fields["store_id"] == .integer(7))
    }

    @Test func `conditions tell kinds apart`() {
        func ignores(_ condition: SourceMapping.Condition, _ value: String) -> Bool {
            var source = SourceMapping.canonical()
            source.ignoreWhere = [condition]
            let text = #"{"type":"t","customer_id":"c","timestamp":1767225600000,"x":{"y":\#(value)}}"#
            return DecoderHarness(source).decode(text) == .ignored
        }
        let seven = Condition(
            path: "x.y", test: .anyOf([.integer(7), .text("eight"), .boolean(true), .real(0.5)]))
        #expect(ignores(seven, "7") && ignores(seven, "7.0") && ignores(seven, #""eight""#))
        #expect(ignores(seven, "true") && ignores(seven, "0.5"))
        #expect(!ignores(seven, #""7""#) && !ignores(seven, "1") && !ignores(seven, "null"))
        let present = Condition(path: "x.y", test: .present)
        #expect(ignores(present, "{}") && ignores(present, "[1]") && !ignores(present, "null"))
        let absent = Condition(path: "x.y", test: .present, negated: true)
        #expect(!ignores(absent, "1") && ignores(absent, "null"))
        let low = Condition(path: "x.y", test: .below(1))
        #expect(ignores(low, "-3") && ignores(low, "0.99") && !ignores(low, "1") && !ignores(low, #""0""#))
    }

    @Test func `an ignored record need not be an event`() {
        var source = SourceMapping.canonical()
        source.ignoreWhere = [Condition(path: "type", test: .anyOf([.text("heartbeat")]))]
        let harness = DecoderHarness(source)
        #expect(harness.decode(#"{"type":"heartbeat","price":"x"}"#) == .ignored)
        #expect(harness.decode(#"{"type":"heartbeat","price":}"#).rejection?.reason == .notJSON)
    }

    @Test func `a basket can lie anywhere and name its fields as it likes`() {
        var source = SourceMapping.canonical()
        source.fields["items"] = Field(paths: ["order.lines", "cart"])
        source.itemFields = [
            "product_id": Field(paths: ["sku.code", "sku_id"]), "quantity": Field(paths: ["n"]),
            "price": Field(paths: ["cost"]),
        ]
        let harness = DecoderHarness(source)
        let head = #""type":"t","customer_id":"c","timestamp":1767225600000"#
        let nested = harness.decode(
            #"{\#(head),"cart":[{"n":9}],"order":{"lines":[{"sku":{"code":"a"},"n":2,"cost":3},{"sku_id":4}]}}"#
        )
        #expect(
            nested.event?.items == [
                .init(productID: .text("a"), quantity: 2, price: 3), .init(productID: .integer(4)),
            ])
        #expect(nested.event?.amount == 6)
        #expect(harness.decode(#"{\#(head),"cart":[{"n":9,"cost":1}]}"#).event?.amount == 9)
        #expect(harness.decode(#"{\#(head),"items":7}"#).event?.items == [])
        let unread = #"{\#(head),"order":{"lines":[]},"cart":[{"n":1,"n":2}]}"#
        #expect(harness.decode(unread).rejection == EventRejection(.notJSON, "duplicate_key"))
    }

    // MARK: Lines

    @Test func `lines are split as RFC 4180 says`() {
        let harness = DecoderHarness(lines(Self.names))
        func event(_ line: String) -> DecoderHarness.Decoded? { harness.decode(line).event }
        let plain = event("c1,view,1767225600000,shoes,2.5")
        #expect(plain?.customer == Array("c1".utf8))
        #expect(plain?.fields["price"] == .real(2.5))
        #expect(plain?.amount == 2.5)
        #expect(event("c1,view,1767225600000,,")?.fields == ["type": .text("view")])
        #expect(
            event(#""c,1","view",1767225600000,"a ""b"", c",1"#)?.fields["category"] == .text(#"a "b", c"#))
        #expect(event(#""c,""1","v""w",1767225600000,"""",1"#)?.customer == Array(#"c,"1"#.utf8))
        #expect(event(#"c1,view,1767225600000,"","1""#)?.fields["category"] == nil)
        #expect(event(#"c1,view,1767225600000,a"b"c,1"#)?.fields["category"] == .text(#"a"b"c"#))
        #expect(event("c1,view,1767225600000,x,1\r\n")?.fields["price"] == .integer(1))
        #expect(event("c1,view,1767225600000,x,1\r")?.fields["price"] == .integer(1))
        #expect(event("\u{FEFF}c1,view,1767225600000,x,1")?.customer == Array("c1".utf8))
        #expect(event("c1,view,2026-01-01T00:00:00Z,x,1")?.milliseconds == 1_767_225_600_000)
    }

    @Test func `a broken line says how`() {
        let harness = DecoderHarness(lines(Self.names))
        func rejection(_ line: String) -> EventRejection? { harness.decode(line).rejection }
        #expect(rejection("a,b,c") == EventRejection(.badField, "columns: expected 5, found 3"))
        #expect(rejection("a,b,c,d,e,") == EventRejection(.badField, "columns: expected 5, found 6"))
        #expect(rejection(#"a,"b,c,d,e"#) == EventRejection(.notJSON, "bad_quote: column 2"))
        #expect(rejection(#"a,b,c,d,"e"x"#) == EventRejection(.notJSON, "bad_quote: column 5"))
        #expect(rejection(#"a,b,c,d,""#) == EventRejection(.notJSON, "bad_quote: column 5"))
        #expect(rejection("\r\n") == EventRejection(.notJSON, "empty"))
        #expect(rejection(",view,1767225600000,x,1")?.reason == .missingCustomer)
        #expect(rejection("c,,1767225600000,x,1")?.reason == .missingType)
        #expect(rejection("c,view,x,x,1") == EventRejection(.badTimestamp, "ts_format"))
        #expect(rejection("c,view,,x,1") == EventRejection(.badTimestamp, "missing:timestamp"))
        #expect(rejection("c,view,15,x,1")?.reason == .timestampTooOld)
        #expect(rejection("c,view,1767225600000,x,1 000") == EventRejection(.badNumber, "type:price"))
        let invalid = Array("c,view,1767225600000,".utf8) + [0xFF] + Array(",1".utf8)
        #expect(harness.decode(invalid).rejection?.reason == .badUTF8)
    }

    @Test func `tabs separate as well`() {
        let harness = DecoderHarness(lines(Self.names, separator: "\t"))
        let event = harness.decode("c 1,x\tview\t1767225600000\t\"a\tb\"\t1").event
        #expect(event?.customer == Array("c 1,x".utf8))
        #expect(event?.fields["category"] == .text("a\tb"))
    }

    @Test func `a header names the columns, anew for each file`() throws {
        var source = lines(nil)
        source.fields = [
            "customer_id": Field(paths: ["user", "visitor"]), "timestamp": Field(paths: ["time"]),
        ]
        let harness = DecoderHarness(source)
        #expect(harness.needsHeader)
        try harness.adoptHeader("\u{FEFF}time,\"user\",type,price,price\r\n")
        #expect(!harness.needsHeader)
        let event = harness.decode("1767225600000,c1,view,3,4").event
        #expect(event?.customer == Array("c1".utf8) && event?.amount == 3)
        harness.beginFile()
        #expect(harness.needsHeader)
        try harness.adoptHeader("visitor,type,time")
        #expect(harness.decode("c2,view,1767225600000").event?.customer == Array("c2".utf8))
        #expect(throws: HeaderError.absentColumns(["user or visitor"])) {
            try harness.adoptHeader("type,time")
        }
        #expect(throws: HeaderError.malformed) { try harness.adoptHeader("type,\"time") }
        #expect(!DecoderHarness(lines(["a"])).needsHeader)
        #expect(!DecoderHarness().needsHeader)
    }

    @Test func `conditions see a line's text, numbers as numbers`() {
        var source = lines(Self.names + ["store"])
        source.ignoreWhere = [
            Condition(path: "store", test: .anyOf([.integer(7), .text("x")])),
            Condition(path: "price", test: .below(0)),
        ]
        let harness = DecoderHarness(source)
        func outcome(_ price: String, _ store: String) -> DecoderHarness.Outcome {
            harness.decode("c,view,1767225600000,a,\(price),\(store)")
        }
        #expect(outcome("1", "7") == .ignored && outcome("1", "7.0") == .ignored)
        #expect(outcome("1", "x") == .ignored && outcome("-1", "") == .ignored)
        #expect(outcome("1", "17").event != nil && outcome("1", "").event != nil)
    }

    @Test func `measures of a line become numbers and names stay text`() {
        var schema = EventSchema(additionalPaths: ["rating"])
        _ = schema.index(adding: "brand", comparedOnly: true)
        let harness = DecoderHarness(lines(Self.names + ["rating", "brand"]), schema: schema)
        let event = harness.decode("7,view,1767225600000,12,,4.5,0042").event
        #expect(event?.fields["rating"] == .real(4.5))
        #expect(event?.fields["brand"] == .text("0042"))
        #expect(event?.fields["category"] == .text("12"))
        let words = harness.decode("7,view,1767225600000,12,,good,").event
        #expect(words?.fields["rating"] == .text("good"))
    }
}
