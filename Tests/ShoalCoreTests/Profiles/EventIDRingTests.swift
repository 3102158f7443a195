import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct EventIDRingTests {
    private static let layout = ProfileLayout(
        timeCount: 0, sketchCount: 0, accumulatorCount: 1, keepsLastChange: false)

    private static func recognises(
        _ row: ProfileRow, _ identifier: String, remembers: Bool = true
    ) throws -> Bool {
        try row.recognises(#require(DecoderHarness.fingerprint(identifier)), remembers: remembers)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `exactly the last eight new ids of a customer are known, first in first out`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var table = ProfileTable(layout: Self.layout, hash: KeyHash(first: 1, second: 2))
        let customers = (0..<5).map { Array("customer \($0)".utf8) }
        for customer in customers { _ = table.insert(customer) }
        var oracle: [[String]] = Array(repeating: [], count: customers.count)
        var counts = (known: 0, new: 0)
        for step in 0..<6_000 {
            let customer = generator.nextIndex(below: customers.count)
            // Of about as many ids as are remembered, so that both answers are frequent.
            let identifier = "e\(generator.nextIndex(below: 12))"
            let remembers = generator.nextUnit() < 0.9
            let isKnown = try Self.recognises(table.row(at: customer), identifier, remembers: remembers)
            let expected = oracle[customer].contains(identifier)
            #expect(isKnown == expected, "seed \(seed) step \(step): \(identifier) in \(oracle[customer])")
            if expected { counts.known += 1 } else { counts.new += 1 }
            guard !expected, remembers else { continue }
            oracle[customer].append(identifier)
            if oracle[customer].count > 8 { oracle[customer].removeFirst() }
        }
        #expect(counts.known > 1_000 && counts.new > 1_000)
    }

    @Test func `the ids fill no place that is not theirs`() throws {
        var table = ProfileTable(layout: Self.layout, hash: KeyHash(first: 1, second: 2))
        _ = table.insert(Array("a".utf8))
        let row = table.row(at: 0)
        row[accumulator: 0, Self.layout] = 4.25
        for number in 0..<100 { _ = try Self.recognises(row, "event \(number)") }
        #expect(row[accumulator: 0, Self.layout] == 4.25)
        #expect(row.keyCount == 1)
        let key = table.keyBytes(at: 0)
        #expect(key == Array("a".utf8))
    }
}
