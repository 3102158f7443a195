import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Erasure, consent, and customers known from before.
@Suite struct ShardErasureTests {
    private static func harness(batchSize: Int = 1_024) throws -> ShardHarness {
        let shop = PointShop.pair
        var batch = BatchSettings()
        batch.size = batchSize
        var harness = try ShardHarness(features: shop.features, batch: batch)
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        return harness
    }

    @Test func `forget ends the segment, erases the key and starts a new series`() throws {
        var harness = try Self.harness()
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        _ = harness.receive(PointShop.event("c", at: [10, 0], minute: 1))
        _ = harness.receive(PointShop.event("other", at: [10, 0], minute: 2))
        harness.output.removeAll()
        let outcome = harness.receive(PointShop.control("forget", "c", minute: 9))
        #expect(outcome == .accepted)
        let changes = try harness.changes()
        #expect(changes.count == 1)
        let last = try #require(changes.first)
        #expect(last.from == "s2" && last.json["to"]?.isNull == true)
        #expect(last.revision == 3 && last.cause == "erasure" && last.firstSeen == PointShop.time(0))
        #expect(last.at == PointShop.text(2), "an erasure moves no time")
        let now = try harness.currentSegments()
        #expect(now.count == 1 && now[0].key == "c" && now[0].record == nil)
        let profile = harness.shard.profile(of: Array("c".utf8))
        #expect(profile == nil)
        #expect(harness.shard.customerCount == 1)
        #expect(harness.shard.flows.map(\.members) == [0, 0, 1])

        harness.output.removeAll()
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 20))
        let first = try #require(try harness.changes().first)
        #expect(first.revision == 1 && first.firstSeen == PointShop.time(20))
        #expect(first.json["from"]?.isNull == true && first.to == "s1" && first.cause == "event")
    }

    @Test
    func `who comes again while time stands still has no change's id again, whatever was restored between`()
        throws
    {
        for restores in [false, true] {
            var harness = try Self.harness()
            var ids: [String] = []
            for _ in 0..<3 {
                _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 5))
                _ = harness.receive(PointShop.control("forget", "c", minute: 5))
                ids += try harness.changes().map { "\($0.customer)#\($0.firstSeen)#\($0.revision)" }
                harness.output.removeAll()
                if restores {
                    let current = harness.shard.model
                    let model = try #require(current)
                    try harness.restore(harness.snapshot())
                    harness.shard.adopt(model, into: &harness.output)
                }
            }
            #expect(ids.count == 6)
            #expect(Set(ids).count == 6, "\(ids)")
        }
    }

    @Test func `forget of somebody without a segment, or of nobody, writes nothing`() throws {
        var harness = try ShardHarness(features: PointShop.pair.features)
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        let known = harness.receive(PointShop.control("forget", "c", minute: 1))
        let unknown = harness.receive(PointShop.control("forget", "nobody", minute: 1))
        #expect(known == .accepted && unknown == .accepted)
        #expect(harness.output.records.count == 0)
        #expect(harness.shard.customerCount == 0)
        #expect(harness.shard.counters.accepted == 3 && harness.shard.counters.changes == 0)
    }

    @Test func `what was forgotten does not come back with a later model`() throws {
        let shop = PointShop.pair
        var harness = try ShardHarness(features: shop.features)
        for number in 0..<10 {
            _ = harness.receive(PointShop.event("c\(number)", at: [0, 0], minute: number))
        }
        _ = harness.receive(PointShop.control("forget", "c4", minute: 11))
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == (0..<10).filter { $0 != 4 }.map { "c\($0)" })
    }

    @Test func `many erasures, and the same people again, leave all others as they were`() throws {
        var harness = try Self.harness(batchSize: 10_000)
        for number in 0..<3_000 {
            _ = harness.receive(PointShop.event("c\(number)", at: [Double(number % 11), 0], minute: number))
        }
        harness.output.removeAll()
        for number in 0..<3_000 where number % 3 != 0 {
            _ = harness.receive(PointShop.control("forget", "c\(number)", minute: 3_000))
        }
        let erased = harness.output.records.count
        #expect(erased == 4_000, "a change and a tombstone each")
        #expect(harness.shard.profiles.compactions > 0)
        harness.output.removeAll()
        // The batch of vectors knows customers by their rows, which have moved.
        for number in 0..<3_000 {
            let outcome = harness.receive(
                PointShop.event("c\(number)", at: [Double(number % 11), 0], minute: 3_001))
            #expect(outcome == .accepted)
        }
        #expect(harness.shard.pendingVectors >= 5_000, "nobody's vector took the place of another's")
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == (0..<3_000).filter { $0 % 3 != 0 }.map { "c\($0)" })
        #expect(changes.allSatisfy { $0.revision == 1 && $0.firstSeen == PointShop.time(3_001) })
        var customers: [String] = []
        harness.shard.forEachProfile { customers.append(String(decoding: $0.customer, as: UTF8.self)) }
        let kept = (0..<3_000).filter { $0 % 3 == 0 }
        let back = (0..<3_000).filter { $0 % 3 != 0 }
        #expect(customers == (kept + back).map { "c\($0)" })
    }

    @Test func `without consent events are ignored and the profile stands still`() throws {
        var harness = try Self.harness()
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        let before = harness.shard.profile(of: Array("c".utf8))
        harness.output.removeAll()
        _ = harness.receive(PointShop.control("consent_withdrawn", "c", minute: 1))
        let ignored = harness.receive(
            PointShop.event("c", at: [10, 0], minute: 2, extra: #","event_id":"e1""#))
        #expect(ignored == .ignored)
        #expect(harness.shard.counters.ignored == 1)
        #expect(harness.output.records.count == 0)
        #expect(harness.shard.streamTimeMilliseconds == PointShop.time(0))
        let during = harness.shard.profile(of: Array("c".utf8))
        #expect(during?.raw == before?.raw && during?.segmentID == 1)
        _ = harness.receive(PointShop.control("consent_granted", "c", minute: 3))
        // An event that was ignored was not accepted, so its id is free.
        let accepted = harness.receive(
            PointShop.event("c", at: [10, 0], minute: 4, extra: #","event_id":"e1""#))
        #expect(accepted == .accepted)
        let changes = try harness.changes()
        #expect(changes.map(\.revision) == [2] && changes.map(\.to) == ["s2"])
    }

    @Test func `consent may be withdrawn before the first event`() throws {
        var harness = try Self.harness()
        _ = harness.receive(PointShop.control("consent_withdrawn", "c", minute: 0))
        let ignored = harness.receive(PointShop.event("c", at: [0, 0], minute: 1))
        #expect(ignored == .ignored)
        _ = harness.receive(PointShop.control("consent_granted", "c", minute: 2))
        let accepted = harness.receive(PointShop.event("c", at: [0, 0], minute: 3))
        #expect(accepted == .accepted)
        let changes = try harness.changes()
        #expect(changes.map(\.revision) == [1])
    }

    @Test func `a control event is counted once for its id`() throws {
        var harness = try Self.harness()
        _ = harness.receive(PointShop.event("c", at: [0, 0], minute: 0))
        let withdrawal =
            #"{"type":"consent_withdrawn","customer_id":"c","event_id":"w","timestamp":\#(PointShop.time(1))}"#
        let first = harness.receive(withdrawal)
        _ = harness.receive(PointShop.control("consent_granted", "c", minute: 2))
        let second = harness.receive(withdrawal)
        #expect(first == .accepted && second == .duplicate)
        let accepted = harness.receive(PointShop.event("c", at: [0, 0], minute: 3))
        #expect(accepted == .accepted, "the second withdrawal was the first one again")
    }

    @Test func `a customer known from before goes on counting`() throws {
        let shop = PointShop.pair
        var harness = try ShardHarness(features: shop.features)
        _ = harness.receive(PointShop.event("seen", at: [10, 0], minute: 5))
        for (customer, segment) in [("seen", 1), ("unseen", 2)] {
            let isPossible = harness.shard.restore(
                customer: Array(customer.utf8), segmentID: segment, segmentName: "as it was", revision: 8,
                firstSeen: PointShop.time(-100))
            #expect(isPossible)
        }
        harness.shard.adopt(shop.model(planHash: harness.shard.plan.hash), into: &harness.output)
        _ = harness.receive(PointShop.event("unseen", at: [0, 0], minute: 6))
        let changes = try harness.changes()
        #expect(changes.map(\.customer) == ["seen", "unseen"])
        #expect(changes.map(\.revision) == [9, 9] && changes.map(\.from) == ["s1", "s2"])
        #expect(changes.allSatisfy { $0.firstSeen == PointShop.time(-100) })
    }

    @Test func `somebody known from before may be forgotten before the first event`() throws {
        var harness = try ShardHarness(features: PointShop.pair.features)
        let isPossible = harness.shard.restore(
            customer: Array("c".utf8), segmentID: 2, segmentName: "right", revision: 4,
            firstSeen: PointShop.time(7))
        #expect(isPossible)
        _ = harness.receive(PointShop.control("forget", "c", minute: 9))
        let change = try #require(try harness.changes().first)
        #expect(change.revision == 5 && change.from == "s2" && change.json["to"]?.isNull == true)
        #expect(change.at == PointShop.text(7), "there is no stream time yet")
    }

    @Test(
        arguments: [
            (0, 1, 1, PointShop.startMilliseconds), (1, -1, 1, PointShop.startMilliseconds),
            (1, 100_001, 1, PointShop.startMilliseconds), (1, 1, 0, PointShop.startMilliseconds),
            (1, 1, 1 << 32, PointShop.startMilliseconds), (1, 1, 1, .max), (1, 1, 1, .min), (1, 1, 1, -5),
        ] as [(Int, Int, Int, Int64)])
    func `impossible values from before change nothing`(
        keyBytes: Int, segment: Int, revision: Int, firstSeen: Int64
    ) throws {
        var harness = try ShardHarness(features: PointShop.pair.features)
        let isPossible = harness.shard.restore(
            customer: [UInt8](repeating: 97, count: keyBytes), segmentID: segment, segmentName: "",
            revision: revision, firstSeen: firstSeen)
        #expect(!isPossible)
        #expect(harness.shard.customerCount == 0)
    }
}
