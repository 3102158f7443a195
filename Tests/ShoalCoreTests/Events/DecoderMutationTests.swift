import Foundation
import ShoalCore
import Testing

/// Damaged records: never a crash, never an event that Foundation's reader does not see as well.
@Suite struct DecoderMutationTests {
    private static let seeds: [String] = [
        #"{"event_id":"e1","type":"purchase","customer_id":"c0019889","timestamp":"2026-01-01T00:00:13.491Z","session_id":"s0bdcf1e7","product_id":"p19660","category":"home","price":13.23,"quantity":1,"channel":"web"}"#,
        #"{"type":"purchase","customer_id":17850,"timestamp":1767225600000,"items":[{"product_id":"a","category":"x","quantity":2,"price":1.5},{"product_id":7,"price":2e0}],"coupon":null}"#,
        #"{"type":"review","customer_id":"caf\u00e9 \ud83d\ude00 é","timestamp":1.767225600e12,"properties":{"nps":9,"tags":["a","b",{"c":[true,false,null]}]},"sentiment":-0.25}"#,
        #" { "type" : "search" , "customer_id" : "a\"b\\c/d" , "timestamp" : "2026-01-01T00:00:00+01:00" , "x" : 1e400 , "y" : [ ] } "#,
    ]

    private let schema = EventSchema(additionalPaths: ["properties.nps"])

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `a damaged record is judged as Foundation judges it`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let harness = DecoderHarness(schema: schema)
        var used = 0
        for round in 0..<4_000 {
            var bytes = Array(Self.seeds[Int(generator.next() % UInt64(Self.seeds.count))].utf8)
            for _ in 0...(generator.next() % 3) { mutate(&bytes, &generator) }
            let outcome = harness.decode(bytes, isPadded: round.isMultiple(of: 2))
            #expect(harness.decode(bytes) == outcome, "seed \(seed), round \(round)")
            let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
            let object = try? JSONSerialization.jsonObject(with: Data(content)) as? [String: Any]
            switch outcome {
            case .ignored: Issue.record("nothing is ignored here, seed \(seed), round \(round)")
            case .event(let event):
                used += 1
                compare(event, with: object, bytes, "seed \(seed), round \(round)")
            case .rejected(let rejection):
                guard rejection.reason == .notJSON, object != nil else { continue }
                // Foundation lets these through, and takes the first or last of two keys.
                let isStricter = rejection.detail == "duplicate_key" || rejection.detail.hasPrefix("bad_")
                #expect(isStricter, "seed \(seed), round \(round): \(rejection.detail)")
                if rejection.detail.hasPrefix("bad_json") {
                    Issue.record("\(String(decoding: bytes, as: UTF8.self)): \(rejection.detail)")
                }
            }
        }
        #expect(used > 200, "some damage leaves an event, else this proves little")
    }

    private static let plainSeeds: [String] = [
        seeds[0],
        #"{"type":"purchase","customer_id":17850,"timestamp":1767225600000,"price":-0.5,"quantity":0.00,"amount":12345678901234.5,"items":[{"product_id":"a","category":"x","quantity":2,"price":1.5},{"product_id":7,"price":20,"more":{"price":1}}],"channel":null}"#,
        #"{ "type" : "review" , "customer_id" : "é" , "properties" : { "nps" : -9 , "type":"z", "tags" : [ "a" , [ ] , {} , { "c" : [ true , false , null ] } ] } , "type2" : true , "timestamp" : "2026-01-01T00:00:00+01:00" }"#,
        #"{"type":"t","items":[],"customer_id":"","a":[1.25,-3,0,123456789012345678],"b":{"c":{"d":{"e":"f"}}},"timestamp":1767225600000,"properties":{},"sentiment":0.1}"#,
    ]

    /// An escape sends a record through simdjson's second stage, which a plain one does without.
    @Test(arguments: [7, 1_234, 20_261_128] as [UInt64])
    func `a record is judged as it is with another key in it that is escaped`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let harness = DecoderHarness(schema: schema)
        var (events, rejections) = (0, 0)
        for round in 0..<6_000 {
            var bytes = Array(Self.plainSeeds[Int(generator.next() % UInt64(Self.plainSeeds.count))].utf8)
            for _ in 0..<(generator.next() % 3) { mutate(&bytes, &generator) }
            // With a zero byte there it looks like UTF-16.
            guard bytes.first == UInt8(ascii: "{"), bytes.count > 1, bytes[1] != 0 else { continue }
            let plain = harness.decode(bytes, isPadded: round.isMultiple(of: 2))
            bytes.insert(contentsOf: Array(#""\u0078x":null,"#.utf8), at: 1)
            let escaped = harness.decode(bytes)
            switch (plain, escaped) {
            case (.rejected(let one), .rejected(let other)):
                rejections += 1
                #expect(one.reason == other.reason, "seed \(seed), round \(round)")
            default:
                events += 1
                #expect(plain == escaped, "seed \(seed), round \(round)")
            }
        }
        #expect(events > 1_000 && rejections > 1_000)
    }

    @Test(arguments: [3, 99] as [UInt64])
    func `noise is never an event`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let harness = DecoderHarness(schema: schema)
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.tfn dDcC8"#.utf8)
        for round in 0..<4_000 {
            let count = Int(generator.next() % 200)
            let isText = round.isMultiple(of: 2)
            let bytes = (0..<count).map { _ in
                isText
                    ? alphabet[Int(generator.next() % UInt64(alphabet.count))]
                    : UInt8(truncatingIfNeeded: generator.next())
            }
            #expect(harness.decode(bytes).rejection != nil, "seed \(seed), round \(round)")
            if isText {
                let inside = Array(#"{"type":"t","customer_id":"c","x":"#.utf8) + bytes + Array("}".utf8)
                let outcome = harness.decode(inside, record: 1_767_225_600_000)
                let object = try? JSONSerialization.jsonObject(with: Data(inside))
                #expect(outcome.event == nil || object != nil, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(arguments: [5, 77] as [UInt64])
    func `damaged lines never crash and never change their number of columns`(seed: UInt64) {
        var generator = SplitMix(state: seed)
        let format = SourceMapping.Delimited(
            separator: UInt8(ascii: ","), columns: ["customer_id", "type", "timestamp", "category", "price"])
        let harness = DecoderHarness(SourceMapping(name: "lines", format: .delimited(format)))
        for round in 0..<4_000 {
            var bytes = Array(#"c1,"vi""ew",1767225600000,"a, b",2.5"#.utf8)
            for _ in 0...(generator.next() % 3) { mutate(&bytes, &generator) }
            guard let event = harness.decode(bytes).event else { continue }
            #expect(!event.customer.isEmpty && event.type?.isEmpty == false, "seed \(seed), round \(round)")
            let separators = bytes.count { $0 == UInt8(ascii: ",") }
            #expect(separators >= 4, "seed \(seed), round \(round)")
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix) {
        guard !bytes.isEmpty else { return }
        let place = Int(generator.next() % UInt64(bytes.count))
        let other = Int(generator.next() % UInt64(bytes.count))
        let syntax = Array(#"{}[]",:\0123456789eE.-+nul"#.utf8)
        switch generator.next() % 8 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes[place] ^= 1 << UInt8(generator.next() % 8)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(syntax[Int(generator.next() % UInt64(syntax.count))], at: place)
        case 4: bytes[place] = syntax[Int(generator.next() % UInt64(syntax.count))]
        case 5: bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)].prefix(40), at: other)
        case 6: bytes.removeSubrange(min(place, other)..<min(max(place, other), min(place, other) + 20))
        default: bytes.swapAt(place, other)
        }
    }

    private func compare(
        _ event: DecoderHarness.Decoded, with object: [String: Any]?, _ bytes: [UInt8], _ comment: String
    ) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let object else {
            // Foundation has no number for these; the decoder uses the event because nobody reads them.
            #expect(text.contains("e") || text.contains("E"), "\(comment): \(text)")
            return
        }
        if let id = object["customer_id"] as? String {
            #expect(event.customer == Array(id.utf8), "\(comment)")
        }
        #expect(object["type"] as? String == event.type, "\(comment)")
        for name in ["category", "channel", "price", "quantity", "sentiment", "product_id"] {
            expectSame(object[name], event.fields[name], "\(comment), \(name)")
        }
        let properties = object["properties"] as? [String: Any]
        expectSame(properties?["nps"], event.fields["properties.nps"], "\(comment), nps")
        #expect((object["items"] as? [Any])?.count ?? 0 == event.items.count, "\(comment)")
    }

    private func expectSame(_ wanted: Any?, _ found: DecoderHarness.Value?, _ comment: String) {
        switch found {
        case nil: #expect(wanted == nil || wanted is NSNull, "\(comment)")
        case .text(let text):
            #expect((wanted as? String).map { Array($0.utf8) } == Array(text.utf8), "\(comment)")
        case .integer(let value): #expect((wanted as? NSNumber)?.int64Value == value, "\(comment)")
        case .real(let value): #expect((wanted as? NSNumber)?.doubleValue == value, "\(comment)")
        case .boolean(let value): #expect(wanted as? Bool == value, "\(comment)")
        }
    }
}
