import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct TrainerTests {
    private static let centres = [[0, 0, 0], [9, 0, 0], [0, 9, 4]].map { $0.map(Double.init) }

    private func settings(k: ModelSettings.ClusterCount = .fixed(3)) -> ModelSettings {
        var settings = ModelSettings()
        settings.clusterCount = k
        settings.warmup = 300
        settings.reservoirSize = 500
        return settings
    }

    private func trainer(_ settings: ModelSettings) -> Trainer {
        Trainer(features: StreamOfShoppers.features(3), planHash: 7, settings: settings)
    }

    @Test func `a first model begins after what models of other features have used`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 1)
        var earlier = trainer(settings())
        var used = ModelNumbers()
        for time: Int64 in [1_000, 2_000] {
            let published = earlier.absorb(
                stream.summary(count: 300, model: earlier.model, time: time))
            used.use(try #require(published))
        }
        #expect([used.version, used.generation, used.nextSegmentID] == [2, 1, 4])
        var trainer = Trainer(
            features: StreamOfShoppers.features(3), planHash: 7, settings: settings(), after: used)
        let published = trainer.absorb(stream.summary(count: 300, model: nil, time: 3_000))
        let first = try #require(published)
        #expect(first.version == 3)
        #expect(first.generation == 2)
        #expect(first.segments.map(\.label) == ["s4", "s5", "s6"])
        #expect(first.nextSegmentID == 7)
        #expect(trainer.lineage.map(\.generation) == [2, 2, 2])
        let old = try #require(earlier.model)
        let resumed = Trainer(
            features: StreamOfShoppers.features(3), planHash: 7, settings: settings(), resuming: old,
            after: used)
        #expect(resumed.model?.nextSegmentID == 4)
        used.use(first)
        let later = Trainer(
            features: StreamOfShoppers.features(3), planHash: 7, settings: settings(), resuming: old,
            after: used)
        #expect(later.model?.nextSegmentID == 7)
        #expect(later.model?.segments == old.segments)
        // Put in force again after the other.
        let again = old.going(on: used)
        #expect(again.version == 4)
        #expect(again.generation == 3)
        #expect(again.nextSegmentID == 7)
        #expect(again.segments == old.segments)
        var newer = old
        (newer.version, newer.generation, newer.nextSegmentID) = (9, 8, 10)
        let next = newer.going(on: used)
        #expect([next.version, next.generation, next.nextSegmentID] == [10, 8, 10])
    }

    @Test func `it publishes nothing before warm-up, then version and generation 1`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 1)
        var trainer = trainer(settings())
        let none = trainer.absorb(stream.summary(count: 299, model: nil, time: 1_000))
        #expect(none == nil)
        #expect(trainer.model == nil)
        let published = trainer.absorb(stream.summary(count: 1, model: nil, time: 2_000))
        let first = try #require(published)
        #expect(first.version == 1)
        #expect(first.generation == 1)
        #expect(first.segments.map(\.label) == ["s1", "s2", "s3"])
        #expect(first.nextSegmentID == 4)
        #expect(first.trainedAtMilliseconds == 2_000)
        #expect(Set(first.segments.map(\.name)).count == 3)
        #expect(abs(first.segments.map(\.share).reduce(0, +) - 1) < 1e-12)
        let next = trainer.absorb(stream.summary(count: 64, model: first, time: 3_000))
        let second = try #require(next)
        #expect(second.version == 2)
        #expect(second.generation == 1)
        #expect(trainer.model == second)
    }

    @Test(arguments: Build.affordable([1, 42, 20_260_401] as [UInt64]))
    func `k is found by itself in well-parted groups, and centroids sit on them`(seed: UInt64) throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
        var trainer = trainer(settings(k: .automatic))
        let published = trainer.absorb(stream.summary(count: 400, model: nil, time: 0))
        let model = try #require(published, "seed \(seed)")
        #expect(model.segmentCount == 3, "seed \(seed)")
        for centre in Self.centres {
            let (segment, _) = StreamOfShoppers.nearest(centre.map(Float.init), in: model)
            for axis in 0..<3 {
                #expect(abs(model.centroids[segment * 3 + axis] - centre[axis]) < 0.5, "seed \(seed)")
            }
        }
    }

    /// A trainer that has just seeded, and its model.
    private func seeded(
        _ stream: inout StreamOfShoppers, settings: ModelSettings? = nil
    ) throws -> (Trainer, SegmentModel) {
        var trainer = trainer(settings ?? self.settings())
        let published = trainer.absorb(stream.summary(count: 300, model: nil, time: 0))
        return (trainer, try #require(published))
    }

    @Test func `a summary moves masses, centroids, means and scales by the documented rule`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 3)
        var (trainer, before) = try seeded(&stream)
        let halfLife = settings().halfLife
        let summary = stream.summary(count: 100, model: before, time: halfLife)
        let published = trainer.absorb(summary)
        let after = try #require(published)
        for segment in 0..<3 {
            let kept = before.masses[segment] / 2
            let added = Double(summary.segmentCounts[segment])
            #expect(abs(after.masses[segment] - kept - added) < 1e-9)
            #expect(abs(after.segments[segment].share - (kept + added) / 250) < 1e-9)
            for position in segment * 3..<segment * 3 + 3 {
                let centroid = before.centroids[position]
                let expected = (kept * centroid + summary.segmentSums[position]) / (kept + added)
                #expect(abs(after.centroids[position] - expected) < 1e-9)
            }
        }
        for axis in 0..<3 {
            let mean = (150 * before.means[axis] + 100 * summary.means[axis]) / 250
            let old =
                before.scales[axis] * before.scales[axis] + (before.means[axis] - mean)
                * (before.means[axis] - mean)
            let new =
                summary.squaredDeviations[axis] / 100 + (summary.means[axis] - mean)
                * (summary.means[axis] - mean)
            #expect(abs(after.means[axis] - mean) < 1e-9)
            #expect(abs(after.scales[axis] - ((150 * old + 100 * new) / 250).squareRoot()) < 1e-9)
        }
        #expect(after.trainedAtMilliseconds == halfLife)
    }

    @Test(arguments: Build.affordable([1, 42, 20_260_401] as [UInt64]))
    func `the same summaries and seed give the same models, bit for bit`(seed: UInt64) throws {
        func run() throws -> [UInt8] {
            var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
            var (trainer, model) = try seeded(&stream, settings: settings(k: .automatic))
            for time in 1...30 {
                model =
                    trainer.absorb(stream.summary(count: 64, model: model, time: Int64(time) * 3_600_000))
                    ?? model
            }
            return try model.encodedArtifact()
        }
        #expect(try run() == run(), "seed \(seed)")
    }

    @Test func `a lone vector after a long silence does not define every scale`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 5)
        var (trainer, before) = try seeded(&stream)
        let published = trainer.absorb(stream.summary(count: 1, model: before, time: 4_000_000_000_000))
        let after = try #require(published)
        for axis in 0..<3 { #expect(abs(after.scales[axis] / before.scales[axis] - 1) < 0.2) }
        #expect(abs(after.masses.reduce(0, +) - Trainer.massMin - 1) < 1e-9)
    }

    @Test func `segments are known by identity, and those that are gone are passed over`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 6)
        var (trainer, before) = try seeded(&stream)
        var summary = stream.summary(count: 3, model: before, time: 0)
        summary.segmentIDs = [3, 77, 1]
        summary.segmentCounts = [2, 1, 0]
        summary.segmentSums = [10, 20, 30, 1, 1, 1, 0, 0, 0]
        let published = trainer.absorb(summary)
        let after = try #require(published)
        #expect(after.masses[0] == before.masses[0])
        #expect(after.masses[1] == before.masses[1])
        #expect(abs(after.masses[2] - before.masses[2] - 2) < 1e-9)
        #expect(after.centroids[8] > before.centroids[8])
    }

    @Test func `what would poison the model is refused and counted`() throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 7)
        var (trainer, before) = try seeded(&stream)
        let good = stream.summary(count: 64, model: before, time: 1)
        let poisons: [(inout BatchSummary) -> Void] = [
            { $0.planHash = 8 }, { $0.means[0] = .nan }, { $0.segmentSums[1] = .infinity },
            { $0.segmentSums.removeLast() }, { $0.squaredDeviations[2] = -1 }, { $0.segmentCounts[0] = .max },
            { $0.sample.append(1) }, { $0.priorDenominators[0] = 1e300 },
        ]
        for (index, poison) in poisons.enumerated() {
            var summary = good
            poison(&summary)
            #expect(trainer.absorb(summary) == nil, "poison \(index)")
        }
        #expect(trainer.refusedSummaries == poisons.count)
        #expect(trainer.model == before)
        #expect(trainer.absorb(good) != nil)
    }

    @Test(arguments: Build.affordable([1, 42, 20_260_401] as [UInt64]))
    func `one member in two hundred lies beyond the outlier threshold, also once the stream has changed`(
        seed: UInt64
    ) throws {
        var stream = StreamOfShoppers(centres: [[0, 0, 0], [20, 20, 20]], seed: seed)
        var settings = settings(k: .fixed(2))
        settings.warmup = 500
        var trainer = trainer(settings)
        var model = try #require({ trainer.absorb(stream.summary(count: 500, model: nil, time: 0)) }())
        let seededAt = model.segments.map(\.outlierSquaredDistance)
        for _ in 0..<1_500 {
            model = trainer.absorb(stream.summary(count: 16, model: model, time: 1)) ?? model
        }
        var outliers = 0
        for _ in 0..<4_000 {
            let (segment, distance) = StreamOfShoppers.nearest(stream.vector().values, in: model)
            if distance > model.segments[segment].outlierSquaredDistance { outliers += 1 }
        }
        #expect((4...60).contains(outliers), "seed \(seed)")
        #expect(model.segments.map(\.outlierSquaredDistance) != seededAt, "seed \(seed)")
    }

    @Test func `constant features and fewer distinct vectors than segments do no harm`() throws {
        var trainer = trainer(settings())
        let vectors = (0..<400).map { [Float($0 % 2), 5, 5] }
        let published = trainer.absorb(StreamOfShoppers.summary(of: vectors, model: nil, time: 0))
        let model = try #require(published)
        #expect(model.segmentCount == 2)
        #expect(model.distanceFactors[1] == 0)
        let same = Array(repeating: [Float(1), 5, 5], count: 400)
        var constant = Trainer(
            features: StreamOfShoppers.features(3), planHash: 7, settings: settings(k: .automatic))
        let only = constant.absorb(StreamOfShoppers.summary(of: same, model: nil, time: 0))
        #expect(only?.segmentCount == 1)
        #expect(only?.segments[0].name == "average shoppers")
        #expect(try only?.encodedArtifact() != nil)
    }
}
