import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What `LearnerConformanceTests` has for all learners, for the one that lives on a stream of summaries.
@Suite struct TrainerConformanceTests {
    private static let centres = [[0.0, 0, 0], [9, 0, 0], [0, 9, 4]]
    private static let features = StreamOfShoppers.features(3)
    private static let halfLife: Int64 = 10_000

    private var settings: ModelSettings {
        var settings = ModelSettings()
        settings.clusterCount = .fixed(3)
        settings.warmup = 300
        settings.reservoirSize = 500
        settings.halfLife = Self.halfLife
        return settings
    }

    private func seeded(_ stream: inout StreamOfShoppers) throws -> (Trainer, SegmentModel) {
        var trainer = Trainer(features: Self.features, planHash: 7, settings: settings)
        let published = trainer.absorb(summary(&stream, count: 300, model: nil, time: 0))
        return (trainer, try #require(published))
    }

    /// Σb is 1 for each vector, as a resumed trainer takes it to have been.
    private func summary(
        _ stream: inout StreamOfShoppers, count: Int, model: SegmentModel?, time: Int64
    ) -> BatchSummary {
        var summary = stream.summary(count: count, model: model, time: time)
        summary.priorDenominators = Array(repeating: Double(count), count: 3)
        summary.priorNumerators = [0, 0.25 * Double(count), Double(count) * stream.generator.nextUnit()]
        return summary
    }

    /// What rounding may do in so many summaries: each is a handful of operations on any number, none of
    /// which adds more than a rounding of the largest.
    private func areNear(_ left: SegmentModel, _ right: SegmentModel, summaries: Int) -> Bool {
        func areNear(_ left: [Double], _ right: [Double]) -> Bool {
            let largest = left.reduce(1) { max($0, abs($1)) }
            let bound = 16 * Double(summaries) * .ulpOfOne * largest
            return left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) <= bound }
        }
        return areNear(left.centroids, right.centroids) && areNear(left.masses, right.masses)
            && areNear(left.means, right.means) && areNear(left.scales, right.scales)
            && areNear(left.priors, right.priors)
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `the order of summaries does not matter beyond rounding, late ones and reviews included`(
        seed: UInt64
    ) throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
        let (start, first) = try seeded(&stream)
        // Two half-lives leave 75 of the first 300 vectors, more than are kept in any case.
        let inOrder = (1...30).map {
            summary(&stream, count: 90, model: first, time: Int64($0) * 2 * Self.halfLife / 30)
        }
        var shuffled = inOrder
        for index in stride(from: shuffled.count - 1, to: 0, by: -1) {
            shuffled.swapAt(index, stream.generator.nextIndex(below: index + 1))
        }
        let models = try [inOrder, shuffled, inOrder.reversed()].map { summaries in
            var trainer = start
            for summary in summaries { _ = trainer.absorb(summary) }
            return try #require(trainer.model)
        }
        for model in models.dropFirst() {
            #expect(areNear(models[0], model, summaries: 31), "seed \(seed)")
            #expect(model.segments.map(\.id) == models[0].segments.map(\.id), "seed \(seed)")
            #expect(model.lineage == models[0].lineage, "seed \(seed)")
            #expect(model.trainedAtMilliseconds == 2 * Self.halfLife, "seed \(seed)")
        }
        #expect(models[0].priors[0] == 0 && models[0].priors[1] == 0.25, "seed \(seed)")
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `going on from the artefact, at any moment, equals never stopping`(seed: UInt64) throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
        var (whole, model) = try seeded(&stream)
        var stopped = whole
        for time in 1...30 {
            let next = summary(&stream, count: 90, model: model, time: Int64(time) * 1_000)
            model = try #require({ whole.absorb(next) }())
            let bytes = try #require(stopped.model).encodedArtifact()
            stopped = Trainer(
                features: Self.features, planHash: 7, settings: settings,
                resuming: try SegmentModel(artifact: bytes, planHash: 7))
            let resumed = try #require({ stopped.absorb(next) }())
            #expect(areNear(model, resumed, summaries: 1 + time), "seed \(seed), summary \(time)")
            #expect(resumed.segments.map(\.id) == model.segments.map(\.id), "seed \(seed)")
            #expect(resumed.segments.map(\.name) == model.segments.map(\.name), "seed \(seed)")
            #expect(resumed.version == model.version && resumed.lineage == model.lineage, "seed \(seed)")
        }
    }

    @Test(arguments: [.nan, .infinity, -.infinity, .signalingNaN, 1e300, -1e61] as [Double])
    func `one number that is none, anywhere in a summary, leaves the model as it was`(number: Double) throws {
        let places: [WritableKeyPath<BatchSummary, [Double]>] = [
            \.means, \.squaredDeviations, \.segmentSums, \.segmentSquaredDistances, \.priorNumerators,
            \.priorDenominators, \.inflowMeans, \.inflowSquaredDeviations,
        ]
        var stream = StreamOfShoppers(centres: Self.centres, seed: 7)
        var (trainer, model) = try seeded(&stream)
        for (index, place) in places.enumerated() {
            var poisoned = summary(&stream, count: 64, model: model, time: 1)
            poisoned[keyPath: place][index % 3] = number
            #expect(trainer.absorb(poisoned) == nil, "\(place)")
            #expect(trainer.model == model, "\(place)")
        }
        #expect(trainer.refusedSummaries == places.count)
    }

    @Test(arguments: [.nan, .infinity, -.infinity] as [Float])
    func `a vector of a sample that holds no number is passed over`(number: Float) throws {
        var stream = StreamOfShoppers(centres: Self.centres, seed: 7)
        var (trainer, model) = try seeded(&stream)
        let known = trainer.reservoir.count
        for time in 1...40 {
            var next = summary(&stream, count: 64, model: model, time: Int64(time) * 1_000)
            for row in 1..<64 { next.sample[3 * row + time % 3] = number }
            model = try #require({ trainer.absorb(next) }())
            #expect(model.numbers.allSatisfy { $0.isFinite }, "summary \(time)")
        }
        #expect(trainer.reservoir.count == known + 40)
        let reseeded = try #require({ trainer.reseed() }())
        #expect(reseeded.numbers.allSatisfy { $0.isFinite })
        _ = try reseeded.encodedArtifact()
    }

    @Test(arguments: [.fixed(3), .automatic] as [ModelSettings.ClusterCount], [0, 1, 10_000] as [Int64])
    func `numbers at the edge of what is let in neither trap nor leave a number that is none`(
        clusterCount: ModelSettings.ClusterCount, halfLife: Int64
    ) throws {
        var settings = settings
        settings.clusterCount = clusterCount
        settings.halfLife = halfLife
        var trainer = Trainer(features: Self.features, planHash: 7, settings: settings)
        var stream = StreamOfShoppers(centres: Self.centres, seed: 7)
        let edges = [1e60, -1e60, 1e-300, -0.0, .leastNonzeroMagnitude]
        let times: [Int64] = [0, .max, .min, 1, -1, .max - 1]
        for round in 0..<60 {
            let edge = edges[round % edges.count]
            var next = summary(&stream, count: 64, model: trainer.model, time: times[round % times.count])
            next.means[round % 3] = edge
            next.squaredDeviations[(round + 1) % 3] = abs(edge)
            next.priorNumerators = [edge, 1e60, edge]
            next.priorDenominators = [1e-300, .leastNonzeroMagnitude, edge]
            if !next.segmentSums.isEmpty { next.segmentSums[round % next.segmentSums.count] = edge }
            for row in stride(from: 0, to: 64, by: 7) {
                next.sample[3 * row] =
                    round.isMultiple(of: 2) ? .greatestFiniteMagnitude : -.leastNonzeroMagnitude
            }
            guard let model = trainer.absorb(next) else { continue }
            #expect(model.numbers.allSatisfy { $0.isFinite }, "summary \(round)")
            _ = try model.encodedArtifact()
        }
        #expect(trainer.refusedSummaries == 0)
        let reseeded = try #require({ trainer.reseed() }())
        #expect(reseeded.numbers.allSatisfy { $0.isFinite })
    }
}
