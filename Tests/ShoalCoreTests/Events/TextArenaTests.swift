import ShoalCore
import Testing

/// Texts outlive what they were copied from.
@Suite struct TextArenaTests {
    private static func kept(_ text: [UInt8], in arena: inout TextArena) -> LentBytes {
        unsafe text.withUnsafeBytes { bytes in unsafe arena.copy(LentBytes(bytes)) }
    }

    @Test func `every text stays as it was while others come, of any length`() {
        var arena = TextArena()
        for round in 0..<3 {
            let lengths =
                [1, 0, 300, 65_535, 65_536, 65_537, 7, 200_000, 1] + Array(repeating: 1_000, count: 200)
            var copies: [LentBytes] = []
            for (index, length) in lengths.enumerated() {
                let text = [UInt8](repeating: UInt8(truncatingIfNeeded: index + round), count: length)
                copies.append(Self.kept(text, in: &arena))
            }
            for (index, copy) in copies.enumerated() {
                let text = [UInt8](repeating: UInt8(truncatingIfNeeded: index + round), count: lengths[index])
                #expect(copy.equals(text), "text \(index) of \(lengths[index]) bytes")
            }
            arena.removeAll()
        }
    }

    @Test func `an event's texts outlive the decoder's next record`() {
        let schema = EventSchema(additionalPaths: ["note"])
        var decoder = EventDecoder(source: .canonical(), schema: schema, limits: EventLimits())
        func decode(_ customer: String, _ note: String) {
            let line =
                #"{"customer_id":"\#(customer)","type":"buy","timestamp":1790000000000,"#
                + #""event_id":"\#(note)","note":"\#(note)","items":[{"product_id":"\#(note)","category":"\#(customer)"}]}"#
            let bytes = Array(line.utf8)
            let outcome = unsafe bytes.withUnsafeBytes {
                unsafe decoder.decode(
                    $0, isPadded: false, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
            }
            guard case .event = outcome else { return #expect(Bool(false), "\(outcome)") }
        }
        var arena = TextArena()
        var event = Event(schema: schema, itemsMax: EventLimits().itemsMax)
        decode("ada", "first")
        swap(&event, &decoder.event)
        event.keepTexts(in: &arena)
        decode("bob", "second")
        #expect(event.customer.text == "ada")
        #expect(event.eventID.text == "first")
        #expect(event[schema.count - 1].text.text == "first")
        #expect(event[.type].text.text == "buy")
        #expect(event.item(0).productID.text.text == "first")
        #expect(event.item(0).category.text.text == "ada")
        #expect(decoder.event.customer.text == "bob")
    }
}
