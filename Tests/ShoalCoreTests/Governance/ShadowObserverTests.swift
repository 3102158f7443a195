import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct ShadowObserverTests {
    private static let centres = [[0, 0, 0], [9, 0, 0], [0, 9, 4]].map { $0.map(Double.init) }

    /// A trained model, and the stream that it was trained on.
    private func trained(seed: UInt64) throws -> (Trainer, StreamOfShoppers) {
        var settings = ModelSettings()
        settings.clusterCount = .fixed(3)
        settings.warmup = 300
        var stream = StreamOfShoppers(centres: Self.centres, seed: seed)
        var trainer = Trainer(features: StreamOfShoppers.features(3), planHash: 7, settings: settings)
        _ = trainer.absorb(stream.summary(count: 300, model: nil, time: 0))
        return (trainer, stream)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `samples are put where the slow way puts them, the same each time`(seed: UInt64) throws {
        let (trainer, start) = try trained(seed: seed)
        var stream = start
        let live = try #require(trainer.model)
        var candidate = live
        // Without its second segment, whose members must go elsewhere.
        candidate.segments.remove(at: 1)
        candidate.masses.remove(at: 1)
        candidate.centroids.removeSubrange(3..<6)
        var observer = ShadowObserver(candidate: candidate)
        var again = observer
        var expected = ShadowTally()
        for time in 1...4 {
            let summary = stream.summary(count: 50, model: live, time: Int64(time))
            observer.observe(summary, live: live)
            again.observe(summary, live: live)
            for row in 0..<50 {
                let vector = Array(summary.sample[row * 3..<row * 3 + 3])
                let own = StreamOfShoppers.nearest(vector, in: live).segment
                let other = StreamOfShoppers.nearest(vector, in: candidate).segment
                expected.add(live: live.segments[own].id, candidate: candidate.segments[other].id)
            }
        }
        let report = observer.report(live: live)
        #expect(report == again.report(live: live), "seed \(seed)")
        #expect(observer.vectors == 200)
        #expect(report.events == 200)
        #expect(report.total == 200)
        #expect(report.movers == report.matrix[1].count, "seed \(seed)")
        #expect(report.movers > 0)
        for row in report.matrix {
            for cell in row.cells {
                let (left, right) = (Int(row.id?.dropFirst() ?? "0"), Int(cell.id?.dropFirst() ?? "0"))
                #expect(cell.count == expected[left ?? 0, right ?? 0], "seed \(seed)")
            }
        }
        #expect(report.candidate.meanSquaredDistance > report.live.meanSquaredDistance)
    }

    @Test func `a segment renamed in the trainer keeps its name as it learns`() throws {
        var (trainer, stream) = try trained(seed: 3)
        let renamed = try #require(try trainer.rename("s2", to: "Ours"))
        #expect(renamed.version == 2)
        let next = trainer.absorb(stream.summary(count: 64, model: renamed, time: 1))
        #expect(next?.version == 3)
        #expect(next?.segments[1].name == "Ours")
        #expect(throws: SegmentRenameError.self) { try trainer.rename("s9", to: "Nobody") }
    }
}
