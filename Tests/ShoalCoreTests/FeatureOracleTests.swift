import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// The engine's features against a reference that recomputes them from the whole history.
@Suite struct FeatureOracleTests {
    /// Relative to the larger of the two, with an absolute floor where both are next to nothing.
    static func agrees(_ engine: Double, _ reference: Double, tolerance: Double) -> Bool {
        abs(engine - reference) <= max(tolerance * max(abs(engine), abs(reference)), 1e-4)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `every kind of feature equals its definition`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed, customers: 12)
        var harness = try ShardHarness(features: EveryFeature.all)
        var reference: [String: ReferenceCustomer] = [:]
        for _ in 0..<3_000 {
            let line = history.next()
            let event = try ReferenceEvent(json: Data(line.utf8))
            let customer = try #require(line.split(separator: "\"").dropFirst(3).first.map(String.init))
            let expected = reference[customer, default: ReferenceCustomer()].receive(event)
            let outcome = harness.receive(line)
            #expect(outcome == Self.outcome(of: expected), "seed \(seed): \(line)")
        }
        try compare(harness.shard, reference, seed: seed)
    }

    private static func outcome(of expected: ReferenceCustomer.Outcome) -> Shard.Outcome {
        switch expected {
        case .absorbed, .control: .accepted
        case .duplicate: .duplicate
        case .ignored: .ignored
        }
    }

    private func compare(
        _ shard: borrowing Shard, _ reference: [String: ReferenceCustomer], seed: UInt64
    ) throws {
        let moment = shard.streamTimeMilliseconds
        var compared = 0
        for (customer, history) in reference.sorted(by: { $0.key < $1.key }) {
            guard history.newestTimeMilliseconds != nil else { continue }
            let found = shard.profile(of: Array(customer.utf8))
            let profile = try #require(found, "seed \(seed) \(customer)")
            let expected = ReferenceFeatures(of: history, at: moment)
            for (index, definition) in EveryFeature.all.enumerated() {
                // A sketch of 128 bits estimates; its own test bounds the error.
                if case .distinct = definition.kind { continue }
                let feature = ReferenceFeature(definition)
                let raw = expected.raw(feature)
                #expect(
                    Self.agrees(profile.raw[index], raw, tolerance: 1e-4),
                    "seed \(seed) \(customer) \(definition.name): \(profile.raw[index]) is not \(raw)")
                let value = expected.value(feature)
                #expect(
                    Self.agrees(Double(profile.features[index]), value, tolerance: 1e-3),
                    "seed \(seed) \(customer) \(definition.name): \(profile.features[index]) is not \(value)")
                compared += 1
            }
        }
        #expect(compared > 100)
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `the order of events changes nothing but gaps and ties`(seed: UInt64) throws {
        var history = RandomHistory(seed: seed, customers: 5, hasControlEvents: false)
        let lines = (0..<600).map { _ in history.next() }.filter { !$0.contains("\"event_id\":\"e1\"") }
        var forwards = try ShardHarness(features: EveryFeature.all)
        var shuffled = try ShardHarness(features: EveryFeature.all)
        var generator = SeededGenerator(seed: seed)
        // Without ids no event is a duplicate, whatever the order.
        let anonymous = lines.map { $0.replacing(/"event_id":"e\d+",?/, with: "") }
        for line in anonymous { _ = forwards.receive(line) }
        for line in anonymous.shuffled(using: &generator) { _ = shuffled.receive(line) }
        for index in 0..<5 {
            let customer = Array("c\(index)".utf8)
            let inOrder = forwards.shard.profile(of: customer)
            let outOfOrder = shuffled.shard.profile(of: customer)
            let first = try #require(inOrder)
            let second = try #require(outOfOrder)
            for (feature, definition) in EveryFeature.all.enumerated() {
                if case .gap = definition.kind { continue }
                #expect(
                    Self.agrees(first.raw[feature], second.raw[feature], tolerance: 1e-4),
                    "seed \(seed) c\(index) \(definition.name)")
            }
        }
    }
}
