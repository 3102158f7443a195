import ShoalTestSupport
import Synchronization
import Testing

@testable import ShoalCore

@Suite struct TrainerReviewTests {
    /// Three of them: a quarter of the reservoir is then more than a day long.
    private static let hour: Int64 = 3 * 3_600_000
    private let features = ["left", "right"].map {
        FeatureDefinition(name: $0, kind: .count(.all, halfLife: 1))
    }

    private func settings(_ count: ModelSettings.ClusterCount) -> ModelSettings {
        var settings = ModelSettings()
        settings.clusterCount = count
        settings.clusterCountMax = 6
        settings.warmup = 300
        settings.reservoirSize = 600
        settings.halfLife = 24 * Self.hour
        return settings
    }

    /// Tells a trainer of 256 vectors around some centres, as a lane with its newest model would.
    private func tell(
        _ trainer: inout Trainer, of centres: [[Double]], at hour: Int, using generator: inout SeededGenerator
    ) {
        var summary = BatchSummary(planHash: 1, partition: 0, featureCount: 2, model: trainer.model)
        summary.streamTimeMilliseconds = Int64(hour) * Self.hour
        summary.count = 256
        let vectors = (0..<256).map { _ in
            centres[generator.nextIndex(below: centres.count)].map {
                $0 + generator.nextUnit() + generator.nextUnit() - 1
            }
        }
        for axis in 0..<2 {
            let mean = vectors.reduce(0) { $0 + $1[axis] } / 256
            summary.means[axis] = mean
            summary.squaredDeviations[axis] = vectors.reduce(0) { $0 + ($1[axis] - mean) * ($1[axis] - mean) }
        }
        for vector in vectors {
            guard let model = trainer.model else { continue }
            let nearest = model.nearestSegment(toRow: 0, of: vector, factors: model.distanceFactors)
            summary.segmentCounts[nearest.index] += 1
            for axis in 0..<2 { summary.segmentSums[nearest.index * 2 + axis] += vector[axis] }
        }
        let sampled = trainer.model == nil ? 256 : BatchSummary.sampleMax
        for index in 0..<sampled { summary.sample += vectors[index * 256 / sampled].map(Float.init) }
        _ = trainer.absorb(summary)
    }

    @Test(arguments: Build.affordable([UInt64(1), 2, 3]))
    func `unchanged data is reviewed without any structural change`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.automatic))
        let centres = [[0.0, 0], [8, 0], [0, 8], [8, 8]]
        for hour in 0..<120 { tell(&trainer, of: centres, at: hour, using: &generator) }
        #expect(trainer.model?.segmentCount == 4)
        #expect(trainer.model?.generation == 1)
        #expect(trainer.lineage.map(\.kind) == [.born, .born, .born, .born])
    }

    /// Carries a review out only when somebody waits for it, which is as late as may be.
    private final class LateReviewer: SegmentReviewer {
        private let review = Mutex<SegmentReview?>(nil)
        private let counter = Mutex(0)
        var count: Int { counter.withLock { $0 } }

        func begin(_ review: SegmentReview) {
            self.review.withLock {
                #expect($0 == nil, "the one before has been waited for")
                $0 = review
            }
            counter.withLock { $0 += 1 }
        }

        func outcome() -> SegmentReview.Outcome {
            guard let review = review.withLock({ $0.take() }) else {
                preconditionFailure("None was begun.")
            }
            return review.outcome()
        }
    }

    /// Drift empties the reservoir and wants segments learned anew, which also draw from the generator.
    @Test(arguments: [UInt64(1), 2, 3], [false, true])
    func `reviews that are carried out late come to the same`(seed: UInt64, hasDrift: Bool) {
        var settings = settings(.automatic)
        if hasDrift { settings.driftResponse = .reseed }
        let reviewer = LateReviewer()
        var (late, prompt) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        var reviewed = Trainer(features: features, planHash: 1, settings: settings)
        var trainer = reviewed
        reviewed.reviewer = reviewer
        let alert = DriftAlert(
            id: "a#1", state: .raised, severity: .warning, monitor: .fit, subject: "", direction: .up,
            size: 1,
            statistic: .adaptiveWindowMean, threshold: 0.5, reference: 0, current: 1, sinceMilliseconds: 0,
            atMilliseconds: 0, modelVersion: 1, modelGeneration: 1)
        for hour in 0..<200 {
            let centres = [[0.0, 0], [8, 0], [0, 8]] + (hour < 60 ? [] : [[16, 16]])
            tell(&reviewed, of: centres, at: hour, using: &late)
            tell(&trainer, of: centres, at: hour, using: &prompt)
            if hour % 70 == 65 {
                #expect(
                    reviewed.respond(to: [alert], active: [alert])
                        == trainer.respond(to: [alert], active: [alert]))
            } else {
                #expect(reviewed.respond(to: [], active: []) == trainer.respond(to: [], active: []))
            }
            #expect(reviewed.model == trainer.model, "hour \(hour)")
        }
        #expect(reviewed.lineage == trainer.lineage)
        #expect(reviewer.count > 2)
        #expect(trainer.model?.generation ?? 0 > 1)
    }

    @Test(arguments: Build.affordable([UInt64(1), 2, 5]))
    func `a segment that appears is split off or born, and the others keep their identities`(seed: UInt64)
        throws
    {
        var generator = SeededGenerator(seed: seed)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.automatic))
        let centres = [[0.0, 0], [8, 0], [0, 8]]
        for hour in 0..<10 { tell(&trainer, of: centres, at: hour, using: &generator) }
        let before = try #require(trainer.model)
        for hour in 10..<200 { tell(&trainer, of: centres + [[16, 16]], at: hour, using: &generator) }
        let after = try #require(trainer.model)
        #expect(after.segmentCount == 4)
        #expect(Set(before.segments.map(\.id)).isSubset(of: after.segments.map(\.id)))
        #expect(after.generation == 2)
        #expect(after.lineage.count == 4)
        #expect(after.segments.map(\.id).max() == 4)
        #expect(Set(after.segments.map(\.name)).count == 4)
    }

    @Test(arguments: Build.affordable([UInt64(1), 4, 5, 6]))
    func `two groups that become one are one segment, and the lineage says what became of the other`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.automatic))
        for hour in 0..<40 {
            tell(&trainer, of: [[0, 0], [8, 0], [0, 8], [8, 8]], at: hour, using: &generator)
        }
        let before = try #require(trainer.model)
        #expect(before.segmentCount == 4)
        for hour in 40..<400 {
            let way = 8 * max(0, 1 - Double(hour - 40) / 240)
            tell(&trainer, of: [[0, 0], [8, 0], [0, 8], [way, 8]], at: hour, using: &generator)
        }
        let after = try #require(trainer.model)
        #expect(after.segmentCount == 3)
        #expect(Set(after.segments.map(\.id)).isSubset(of: before.segments.map(\.id)))
        #expect(after.lineage.count == 5)
        let end = try #require(after.lineage.last)
        let gone = try #require(before.segments.firstIndex { $0.id == end.segment })
        // It was at the top.
        #expect(before.centroids[gone * 2 + 1] > 7)
        switch end.kind {
        case .mergedInto:
            let other = try #require(after.segments.firstIndex { $0.id == end.other })
            #expect(abs(after.centroids[other * 2]) < 0.5 && after.centroids[other * 2 + 1] > 7)
        case .retired:
            // The other took its members one by one while they drew near, so that few were left to join.
            #expect(end.other == nil)
        case .born, .splitFrom: Issue.record("The last chapter is \(end).")
        }
    }

    @Test(arguments: Build.affordable([UInt64(1), 2, 9]))
    func `a group that parts in two is split, and the lineage says from which`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.automatic))
        for hour in 0..<40 { tell(&trainer, of: [[0, 0], [9, 0], [0, 9]], at: hour, using: &generator) }
        let before = try #require(trainer.model)
        for hour in 40..<400 {
            let way = 4 * min(1, Double(hour - 40) / 240)
            tell(&trainer, of: [[0, 0], [9, 0], [-way, 9], [way, 9]], at: hour, using: &generator)
        }
        let after = try #require(trainer.model)
        #expect(after.segmentCount == 4)
        #expect(Set(before.segments.map(\.id)).isSubset(of: after.segments.map(\.id)))
        let split = try #require(after.lineage.last)
        #expect(split.kind == .splitFrom && split.segment == 4)
        #expect(after.lineage.count == 4)
        let source = try #require(before.segments.firstIndex { $0.id == split.other })
        #expect(before.centroids[source * 2 + 1] > 8)
    }

    @Test(arguments: Build.affordable([UInt64(1), 2, 10]))
    func `a segment whose share stays under the least is retired, and an identity never comes back`(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.automatic))
        for hour in 0..<40 { tell(&trainer, of: [[0, 0], [9, 0], [0, 9]], at: hour, using: &generator) }
        let before = try #require(trainer.model)
        for hour in 40..<300 { tell(&trainer, of: [[0, 0], [9, 0]], at: hour, using: &generator) }
        #expect(trainer.model?.segmentCount == 2)
        #expect(trainer.lineage.last?.kind == .retired)
        let retired = try #require(trainer.lineage.last?.segment)
        #expect(before.segments.map(\.id).contains(retired))
        for hour in 300..<500 {
            tell(&trainer, of: [[0, 0], [9, 0], [0, 9]], at: hour, using: &generator)
        }
        #expect(trainer.model?.segmentCount == 3)
        #expect(trainer.model?.segments.map(\.id).contains(retired) == false)
        #expect(trainer.model?.segments.map(\.id).max() == 4)
    }

    @Test(arguments: Build.affordable([UInt64(1), 2, 3]))
    func `segments learned anew from unchanged data keep 99 customers in 100 where they are`(seed: UInt64)
        throws
    {
        var stream = StreamOfMixes(seed: seed)
        var settings = settings(.automatic)
        settings.warmup = 600
        settings.reservoirSize = 2_000
        var trainer = Trainer(features: StreamOfMixes.features, planHash: 7, settings: settings)
        for hour in 0..<40 {
            let vectors = (0..<256).map { _ in stream.vector().values }
            _ = trainer.absorb(
                StreamOfShoppers.summary(
                    of: vectors, model: trainer.model, time: Int64(hour) * Self.hour, sampleMax: 128))
        }
        let before = try #require(trainer.model)
        let relearned = trainer.reseed()
        let after = try #require(relearned)
        #expect(after.generation == before.generation + 1)
        #expect(before.segmentCount >= 4, "seed \(seed)")
        let customers = (0..<4_000).map { _ in stream.vector().values }
        let kept = customers.count { customer in
            let (was, _) = StreamOfShoppers.nearest(customer, in: before)
            let (near, distance) = StreamOfShoppers.nearest(customer, in: after)
            let id = before.segments[was].id
            guard after.segments[near].id != id else { return true }
            // As lanes do: only a segment that is nearer by a tenth takes a customer away.
            guard let own = after.segments.firstIndex(where: { $0.id == id }) else { return false }
            let factors = after.distanceFactors
            let stay = after.squaredDistance(fromRow: 0, of: customer, toSegment: own, factors: factors)
            return distance >= 0.9 * stay
        }
        #expect(kept >= 3_960, "seed \(seed): \(kept) of 4,000 kept their segment")
    }

    @Test func `a segment that nobody is in any more is put to use, and its identity is gone`() throws {
        var generator = SeededGenerator(seed: 6)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.fixed(3)))
        for hour in 0..<20 { tell(&trainer, of: [[0, 0], [9, 0], [0, 9]], at: hour, using: &generator) }
        // The third group stops and another one begins elsewhere, near the first.
        for hour in 20..<400 { tell(&trainer, of: [[0, 0], [9, 0], [4, 4]], at: hour, using: &generator) }
        let model = try #require(trainer.model)
        #expect(model.segmentCount == 3)
        #expect(model.masses.allSatisfy { $0 > 0.1 * model.masses.reduce(0, +) })
    }

    @Test func `lineage survives the artefact`() throws {
        var generator = SeededGenerator(seed: 7)
        var trainer = Trainer(features: features, planHash: 1, settings: settings(.fixed(2)))
        for hour in 0..<5 { tell(&trainer, of: [[0, 0], [9, 0]], at: hour, using: &generator) }
        let model = try #require(trainer.model)
        let read = try SegmentModel(artifact: model.encodedArtifact(), planHash: 1)
        #expect(read.lineage == model.lineage)
        #expect(read.lineage.count == 2)
    }
}
