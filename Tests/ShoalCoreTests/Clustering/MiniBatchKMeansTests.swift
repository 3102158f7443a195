import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct MiniBatchKMeansTests {
    @Test func `a batch moves its centroid by the documented step`() {
        var clustering = MiniBatchKMeans(centroids: [0, 0, 10, 10], masses: [8, 5], featureCount: 2)
        clustering.forget(0.5)
        clustering.absorb(into: 0, count: 4, sums: [8, 16], row: 0)
        // N = 8·½ = 4, then c = 0 + 4/(4 + 4)·(m − 0) with m = (2, 4).
        #expect(clustering.centroids == [1, 2, 10, 10])
        #expect(clustering.masses == [8, 2.5])
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `a centroid is the mean of its vectors weighted by age, in any order of batches`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let batches = (0..<50).map { _ in
            (weight: generator.nextUnit(), values: (0..<8).map { _ in generator.nextUnit() })
        }
        func centroid(_ batches: [(weight: Double, values: [Double])]) -> Double {
            var clustering = MiniBatchKMeans(centroids: [0.5], masses: [1], featureCount: 1)
            for batch in batches {
                clustering.absorb(
                    into: 0, count: 8, sums: [7, batch.values.reduce(0, +)], row: 1, weight: batch.weight)
            }
            return clustering.centroids[0]
        }
        let weighted = batches.reduce(0.5) { $0 + $1.weight * $1.values.reduce(0, +) }
        let mass = batches.reduce(1.0) { $0 + 8 * $1.weight }
        #expect(abs(centroid(batches) - weighted / mass) < 1e-12, "seed \(seed)")
        #expect(abs(centroid(batches.reversed()) - weighted / mass) < 1e-12, "seed \(seed)")
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `moments are those of all vectors at once, each weighted by its age`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var moments = DecayedMoments(featureCount: 1)
        var all: [(value: Double, weight: Double)] = []
        for _ in 0..<40 {
            let values = (0..<16).map { _ in 1e6 + generator.nextUnit() }
            let mean = values.reduce(0, +) / 16
            moments.forget(0.9)
            moments.merge(
                count: 16, means: [mean],
                squaredDeviations: [values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }],
                weight: 1)
            all = all.map { ($0.value, $0.weight * 0.9) } + values.map { ($0, 1) }
        }
        let mass = all.reduce(0) { $0 + $1.weight }
        let mean = all.reduce(0) { $0 + $1.weight * $1.value } / mass
        let variance = all.reduce(0) { $0 + $1.weight * ($1.value - mean) * ($1.value - mean) } / mass
        #expect(abs(moments.mass - mass) < 1e-9 * mass, "seed \(seed)")
        #expect(abs(moments.means[0] - mean) < 1e-6, "seed \(seed)")
        #expect(abs(moments.scale(0) - variance.squareRoot()) < 1e-6, "seed \(seed)")
    }

    @Test func `one half-life leaves half, time never runs backwards`() {
        #expect(Decay.factor(elapsed: 1_000, halfLife: 1_000) == 0.5)
        #expect(Decay.factor(elapsed: 2_000, halfLife: 1_000) == 0.25)
        #expect(Decay.factor(elapsed: -5_000, halfLife: 1_000) == 1)
        #expect(Decay.factor(elapsed: 1e300, halfLife: 1) == 0)
        #expect(Decay.factor(elapsed: 1_000, halfLife: 0) == 1)
    }
}
