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

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
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
}
