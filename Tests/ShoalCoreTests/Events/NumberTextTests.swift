import Foundation
import ShoalCore
import Testing

@Suite struct NumberTextTests {
    private func price(_ text: String) -> DecoderHarness.Outcome {
        let format = SourceMapping.Delimited(
            separator: UInt8(ascii: ";"), columns: ["customer_id", "type", "timestamp", "price"])
        let harness = DecoderHarness(SourceMapping(name: "lines", format: .delimited(format)))
        return harness.decode("c;t;1767225600000;\(text)")
    }

    @Test(arguments: [
        "0", "-0", "7", "007", "-12.50", "2.55", "0.1", "123456.789", "1e3", "1E+2", "12.5e-3",
        "1000000000000", "0.30000000000000004", "3.14159265358979", "0.000001", "-11062.06",
        "123456789012.34567", "000000000000000000000001.5",
    ])
    func `a number reads as Swift reads it`(text: String) throws {
        let wanted = try #require(Double(text))
        switch price(text).event?.fields["price"] {
        case .integer(let value): #expect(Double(value) == wanted)
        case .real(let value): #expect(value == wanted)
        default: Issue.record("\(text) is no number")
        }
    }

    @Test(arguments: [
        "NaN", "inf", "-Infinity", "12,50", "£12", "1 000", "0x10", "1.", ".5", "+1", "-", "1e", "1e+", "--1",
        "1.2.3", " 1", "1 ", "1_000",
    ])
    func `what is no number is refused`(text: String) {
        #expect(price(text).rejection == EventRejection(.badNumber, "type:price"))
    }

    @Test(arguments: ["1e400", "1e-400", "1000000000001", "99999999999999999999", "1e308", "-1e13"])
    func `a number out of range is refused`(text: String) {
        #expect(price(text).rejection == EventRejection(.badNumber, "num_range: price"))
    }

    @Test func `nobody writes more than 32 characters`() {
        #expect(price("0." + String(repeating: "1", count: 30)).event != nil)
        #expect(
            price("0." + String(repeating: "1", count: 31)).rejection
                == EventRejection(.badNumber, "num_len: price"))
    }

    @Test(arguments: [1, 7, 20_260_101] as [UInt64])
    func `random decimals read exactly as Swift reads them`(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        for _ in 0..<3_000 {
            let whole = generator.next() % (generator.next() % 2 == 0 ? 1_000 : 1_000_000_000)
            let digits = Int(generator.next() % 16)
            let fraction = String(generator.next() % 10_000_000_000_000_000).prefix(digits)
            let text = fraction.isEmpty ? "\(whole)" : "\(whole).\(fraction)"
            guard case .event(let event) = price(text) else {
                Issue.record("\(text), seed \(seed)")
                continue
            }
            let wanted = try #require(Double(text))
            switch event.fields["price"] {
            case .integer(let value): #expect(Double(value) == wanted, "seed \(seed)")
            case .real(let value): #expect(value == wanted, "\(text), seed \(seed)")
            default: Issue.record("\(text), seed \(seed)")
            }
        }
    }
}
