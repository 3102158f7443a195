import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What a batch hands on is for a shard what the decoder's own event is.
@Suite struct EventBatchTests {
    private static let batchSize = 50

    /// One feature at a time, so that a field that is left behind is missed by the feature that reads it.
    @Test(arguments: EveryFeature.all.indices)
    func `a shard that is fed from batches holds the same`(feature: Int) throws {
        let features = [EveryFeature.all[feature]]
        var history = RandomHistory(seed: UInt64(feature) + 1, customers: 9)
        var direct = try ShardHarness(features: features)
        var batched = try ShardHarness(features: features)
        let plan = try FeaturePlan(features)
        var batch = EventBatch(plan: plan, capacity: Self.batchSize)
        var event = Event(schema: plan.schema, itemsMax: EventLimits().itemsMax)
        var identified = 0
        for _ in 0..<40 {
            batch.removeAll()
            var expected: [(outcome: Shard.Outcome?, anonymousID: String)] = []
            for _ in 0..<Self.batchSize {
                let line = history.next()
                let outcome = direct.receive(line)
                expected.append((outcome, direct.decoder.event.anonymousID.text))
                #expect(Self.decode(line, by: &batched.decoder))
                batch.append(batched.decoder.event)
            }
            // Every text has been overwritten by now, had it been only lent.
            for number in 0..<batch.count {
                batch.load(number, into: &event)
                #expect(batch.customer(of: number).text == event.customer.text)
                #expect(batch.timestampMilliseconds(of: number) == event.timestampMilliseconds)
                #expect(event.anonymousID.text == expected[number].anonymousID)
                identified += event.anonymousID.isEmpty ? 0 : 1
                if batched.shard.summaryIsDue(now: 0) { _ = batched.shard.takeSummary() }
                let position = EventPosition(topic: 0, partition: 3, offset: batched.line)
                let outcome = batched.shard.absorb(event, at: position, now: 0, into: &batched.output)
                #expect(outcome == expected[number].outcome, "event \(batched.line)")
                batched.line += 1
            }
        }
        #expect(identified > 0)
        let counters = (direct.shard.counters, batched.shard.counters)
        #expect(counters.0 == counters.1)
        #expect(counters.0.accepted > 1_000 && counters.0.duplicates > 0 && counters.0.erased > 0)
        try Self.compare(direct.shard, batched.shard)
    }

    private static func compare(_ one: borrowing Shard, _ other: borrowing Shard) throws {
        for index in 0..<9 {
            let customer = Array("c\(index)".utf8)
            let reports = (one.report(of: customer), other.report(of: customer))
            let report = try #require(reports.0)
            #expect(report.profile.raw.map(\.bitPattern) == reports.1?.profile.raw.map(\.bitPattern))
            #expect(report.eventCount == reports.1?.eventCount)
            #expect(report.eventIDCount == reports.1?.eventIDCount)
            #expect(report.isFrozen == reports.1?.isFrozen)
            #expect(report.aliases == reports.1?.aliases)
        }
    }

    @Test func `what features do not read stays behind`() throws {
        let plan = try FeaturePlan([FeatureDefinition(name: "events", kind: .count(.all, halfLife: 1_000))])
        var decoder = EventDecoder(source: .canonical(), schema: plan.schema, limits: EventLimits())
        var batch = EventBatch(plan: plan, capacity: 1)
        var event = Event(schema: plan.schema, itemsMax: EventLimits().itemsMax)
        let line = #"{"customer_id":"ada","type":"view","timestamp":1790000000000,"category":"food"}"#
        #expect(Self.decode(line, by: &decoder))
        batch.append(decoder.event)
        batch.load(0, into: &event)
        #expect(event[.type].text.text == "view")
        #expect(event[.category].isAbsent)
        #expect(event.fingerprint == nil)
    }

    private static func decode(_ line: String, by decoder: inout EventDecoder) -> Bool {
        let bytes = Array(line.utf8)
        let outcome = unsafe bytes.withUnsafeBytes { record in
            unsafe decoder.decode(
                record, isPadded: false, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
        }
        if case .event = outcome { return true }
        return false
    }
}
