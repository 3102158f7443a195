import Testing

@testable import ShoalCore

@Suite struct ClusterStabilityTests {
    /// `count` points around each centre of a row, `gap` apart, with σ near 0.3.
    private func blobs(_ centres: Int, count: Int, gap: Double, seed: UInt64) -> ScaledPoints {
        var generator = SeededGenerator(seed: seed)
        var vectors: [Double] = []
        for centre in 0..<centres {
            for _ in 0..<count {
                let angle = Double(centre) * gap
                vectors += [angle + generator.nextUnit(), (angle * 7).truncatingRemainder(dividingBy: 5)]
                vectors[vectors.count - 1] += generator.nextUnit()
            }
        }
        return ScaledPoints(
            vectors: vectors, weights: Array(repeating: 1, count: centres * count), origin: [0, 0],
            factors: [1, 1])
    }

    @Test(arguments: [2, 3, 5, 7], [UInt64(1), 2])
    func `as many clusters are chosen as there are`(centres: Int, seed: UInt64) {
        let stability = ClusterStability(points: blobs(centres, count: 120, gap: 3, seed: seed))
        var generator = SeededGenerator(seed: seed)
        let agreements = stability.agreements(upTo: 10, using: &generator)
        #expect(ClusterStability.choice(from: agreements) == centres)
        #expect(agreements[centres] ?? 0 > 0.99)
    }

    @Test func `of those agreed on the finest wins, and two are too few unless they are clear`() {
        #expect(ClusterStability.choice(from: [2: 0.99, 3: 0.7, 4: 0.96, 5: 0.93, 6: 0.8]) == 4)
        #expect(ClusterStability.choice(from: [2: 0.87, 3: 0.5, 4: 0.6, 5: 0.7, 6: 0.6]) == 5)
        #expect(ClusterStability.choice(from: [2: 0.4]) == 2)
        #expect(ClusterStability.choice(from: [:]) == 1)
    }

    @Test func `segments in force are split for something as good and joined reluctantly`() {
        let agreements = [3: 0.9, 4: 0.95, 5: 0.97, 6: 0.85, 7: 0.6]
        #expect(ClusterStability.choice(from: agreements, current: 4) == 5)
        #expect(ClusterStability.choice(from: agreements, current: 5) == 5)
        #expect(ClusterStability.choice(from: agreements, current: 6) == 6)
        #expect(ClusterStability.choice(from: agreements, current: 7) == 5)
    }

    @Test func `too few distinct points end the candidates`() {
        let points = ScaledPoints(
            vectors: (0..<40).map { Double($0 % 2) }, weights: Array(repeating: 1, count: 40), origin: [0],
            factors: [1])
        var generator = SeededGenerator(seed: 1)
        let agreements = ClusterStability(points: points).agreements(upTo: 10, using: &generator)
        #expect(agreements.keys.allSatisfy { $0 <= 2 })
    }

    @Test func `equal partitions agree fully, whatever the clusters are called`() {
        let left = [0, 0, 1, 1, 2, 2]
        #expect(ClusterStability.adjustedRandIndex(left, [2, 2, 0, 0, 1, 1], clusterCount: 3) == 1)
        #expect(ClusterStability.adjustedRandIndex(left, [0, 1, 0, 1, 0, 1], clusterCount: 3) < 0.1)
    }
}
