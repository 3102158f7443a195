import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What a shard tells the trainer, against a summary worked out slowly from the vectors.
@Suite struct ShardSummaryTests {
    /// One customer's newest look within a batch.
    private struct Look {
        var vector: [Float]
        /// Decayed Σa and Σb of the feature with a population prior.
        var evidence: (part: Double, whole: Double)
    }

    private static let population = EveryFeature.all.firstIndex { $0.kind.usesPopulation } ?? -1

    /// Follows a shard's batches by the rules alone.
    private struct Oracle {
        var looks: [String: Look] = [:]
        var order: [String] = []
        var accepted = 0
        var erased = 0
        var customers: [String: ReferenceCustomer] = [:]

        mutating func look(_ customer: String, _ look: Look) {
            if looks[customer] == nil { order.append(customer) }
            looks[customer] = look
        }

        /// Whoever is forgotten was there all the same; if they come back they are somebody else.
        mutating func forget(_ customer: String) {
            guard let look = looks.removeValue(forKey: customer) else { return }
            erased += 1
            let name = "erased \(erased)"
            looks[name] = look
            order = order.map { $0 == customer ? name : $0 }
        }

        mutating func restart() {
            looks = [:]
            order = []
            accepted = 0
        }
    }

    private static func near(_ left: [Double], _ right: [Double], _ tolerance: Double) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0), abs($1)) }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `a summary holds what the vectors of its batch add up to`(seed: UInt64) throws {
        var batch = BatchSettings()
        batch.size = 150
        var settings = ModelSettings()
        settings.clusterCount = .fixed(4)
        settings.warmup = 300
        settings.margin = 0
        var harness = try ShardHarness(features: EveryFeature.all, model: settings, batch: batch)
        var trainer = Trainer(
            features: EveryFeature.all, planHash: harness.shard.plan.hash, settings: settings)
        var history = RandomHistory(seed: seed, customers: 200)
        var oracle = Oracle()
        var summaries = 0
        for step in 0..<2_400 {
            if harness.shard.summaryIsDue(now: 0) {
                #expect(oracle.order.count == 150, "a full batch is due, and nothing else is at one moment")
                let summary = harness.shard.takeSummary()
                Self.compare(summary, oracle, harness.shard, "seed \(seed) summary \(summaries)")
                oracle.restart()
                summaries += 1
                if let model = trainer.absorb(summary) { harness.shard.adopt(model, into: &harness.output) }
            }
            if step.isMultiple(of: 10) { harness.shard.countRejected() }
            try Self.feed(history.next(), &harness, &oracle)
        }
        #expect(summaries > 5 && harness.shard.model != nil, "batches before and after the first model")
        #expect(oracle.erased > 0)
    }

    private static func feed(
        _ line: String, _ harness: inout ShardHarness, _ oracle: inout Oracle
    ) throws {
        let event = try ReferenceEvent(json: Data(line.utf8))
        let customer = try #require(line.split(separator: "\"").dropFirst(3).first.map(String.init))
        let known = oracle.customers[customer, default: ReferenceCustomer()].receive(event)
        let outcome = harness.receive(line)
        if outcome == .accepted { oracle.accepted += 1 }
        if event.type == "forget" { oracle.forget(customer) }
        guard known == .absorbed, let reference = oracle.customers[customer] else { return }
        let found = harness.shard.profile(of: Array(customer.utf8))
        let profile = try #require(found)
        let moment = ReferenceFeatures(of: reference, at: harness.shard.streamTimeMilliseconds)
        let evidence = moment.evidence(ReferenceFeature(EveryFeature.all[population]))
        oracle.look(
            customer, Look(vector: profile.features, evidence: try #require(evidence)))
    }

    private static func compare(
        _ summary: BatchSummary, _ oracle: Oracle, _ shard: borrowing Shard, _ place: String
    ) {
        let looks = oracle.order.compactMap { oracle.looks[$0] }
        let vectors = looks.map(\.vector)
        let expected = StreamOfShoppers.summary(
            of: vectors, model: shard.model, planHash: shard.plan.hash, time: shard.streamTimeMilliseconds)
        #expect(summary.planHash == shard.plan.hash && summary.partition == 3, "\(place)")
        #expect(summary.streamTimeMilliseconds == shard.streamTimeMilliseconds, "\(place)")
        #expect(summary.modelVersion == shard.model?.version ?? 0, "\(place)")
        #expect(summary.count == vectors.count, "\(place): each customer once")
        #expect(summary.segmentIDs == shard.model?.segments.map(\.id) ?? [], "\(place)")
        #expect(summary.segmentCounts == expected.segmentCounts, "\(place)")
        #expect(near(summary.segmentSums, expected.segmentSums, 1e-9), "\(place)")
        #expect(
            near(summary.segmentSquaredDistances, expected.segmentSquaredDistances, 1e-4), "\(place)")
        #expect(near(summary.means, expected.means, 1e-9), "\(place)")
        #expect(near(summary.squaredDeviations, expected.squaredDeviations, 1e-9), "\(place)")
        #expect(summary.acceptedEvents == oracle.accepted, "\(place)")
        #expect((14...60).contains(summary.rejectedRecords), "\(place): one in ten lines was bad")
        for feature in EveryFeature.all.indices {
            let isPopulation = feature == population
            let part = isPopulation ? looks.map(\.evidence.part).reduce(0, +) : 0
            let whole = isPopulation ? looks.map(\.evidence.whole).reduce(0, +) : 0
            #expect(near([summary.priorNumerators[feature]], [part], 1e-4), "\(place)")
            #expect(near([summary.priorDenominators[feature]], [whole], 1e-4), "\(place)")
        }
        let d = EveryFeature.all.count
        let sample = (0..<summary.sample.count / d).map { Array(summary.sample[$0 * d..<($0 + 1) * d]) }
        if shard.model == nil {
            #expect(sample == vectors, "\(place): seeding gets everything")
        } else {
            #expect(sample.count == 64, "\(place)")
            // Drawn evenly: distinct vectors of the batch, in its order, none far from the next.
            var positions: [Int] = []
            for vector in sample {
                let start = positions.last.map { $0 + 1 } ?? 0
                positions.append(vectors[start...].firstIndex(of: vector) ?? -1)
            }
            #expect(!positions.contains(-1), "\(place)")
            #expect(zip(positions, positions.dropFirst()).allSatisfy { $1 - $0 <= 3 }, "\(place)")
            #expect(positions.first == 0 && positions.last ?? 0 >= 146, "\(place)")
        }
    }

    @Test func `rejections and acceptances are told once`() throws {
        var harness = try ShardHarness(features: PointShop.pair.features)
        for minute in 0..<5 { _ = harness.receive(PointShop.event("c", at: [0, 0], minute: minute)) }
        harness.shard.countRejected()
        harness.shard.countIgnored()
        let first = harness.shard.takeSummary()
        #expect(first.count == 1 && first.acceptedEvents == 5 && first.rejectedRecords == 1)
        harness.shard.countRejected()
        let second = harness.shard.takeSummary()
        #expect(second.count == 0 && second.acceptedEvents == 0 && second.rejectedRecords == 1)
        #expect(second.sample.isEmpty && second.isWellFormed(featureCount: 2))
        #expect(harness.shard.counters.ignored == 1)
    }

    @Test func `a summary is due when the batch is full, or old and not made of next to nothing`() throws {
        var harness = try ShardHarness(features: PointShop.pair.features)
        let atOnce = harness.shard.summaryIsDue(now: .max)
        #expect(!atOnce)
        for minute in 0..<BatchSettings.eventCountMin {
            let before = harness.shard.summaryIsDue(now: 1_000)
            #expect(!before, "\(minute) events")
            _ = harness.receive(PointShop.event("c\(minute % 3)", at: [0, 0], minute: minute))
        }
        let early = harness.shard.summaryIsDue(now: 199)
        let late = harness.shard.summaryIsDue(now: 200)
        #expect(!early && late)
        let summary = harness.shard.takeSummary()
        #expect(summary.count == 3)
        let afterwards = harness.shard.summaryIsDue(now: 1_000)
        #expect(!afterwards)
    }
}
