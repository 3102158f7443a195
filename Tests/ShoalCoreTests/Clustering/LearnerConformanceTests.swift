import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What holds for all learners, as `DetectorTests` has it for detectors.
@Suite struct LearnerConformanceTests {
    private static let centres = [[0.0, 0, 5], [30, 0, 0], [0, 30, 0], [30, 30, 30]]

    private static func points(_ count: Int, spread: Double, seed: UInt64) -> [[Float]] {
        var stream = StreamOfShoppers(centres: centres, seed: seed)
        return (0..<count).map { _ in
            let centre = centres[stream.generator.nextIndex(below: centres.count)]
            return centre.map { Float($0 + spread * stream.noise()) }
        }
    }

    private static func reordered<Element>(_ elements: [Element], seed: UInt64) -> [Element] {
        var elements = elements
        var generator = SeededGenerator(seed: seed)
        for index in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(index, generator.nextIndex(below: index + 1))
        }
        return elements
    }

    @Test(arguments: Learner.allCases, [1, 42] as [UInt64])
    func `the same seed learns the same, bit for bit`(learner: Learner, seed: UInt64) throws {
        let points = Self.points(120, spread: 15, seed: seed)
        let first = try learner.learned(from: points, k: 5, seed: seed)
        #expect(try learner.learned(from: points, k: 5, seed: seed) == first, "seed \(seed)")
    }

    @Test(arguments: Learner.allCases, [1, 42] as [UInt64])
    func `well-parted groups are known by their means, in whatever order they come`(
        learner: Learner, seed: UInt64
    ) throws {
        let points = Self.points(120, spread: 1, seed: seed)
        let groups = Self.centres.indices.map { own in
            points.map { $0.map(Double.init) }.filter { ReferenceKMeans.nearest($0, Self.centres) == own }
        }
        // A sum of n numbers errs by less than n roundings of the sum of their magnitudes: Higham, "Accuracy
        // and stability of numerical algorithms", section 4.2.
        let bound = learner.roundoff * 120 * 35
        for order in [points, Self.reordered(points, seed: seed)] {
            let learned = try learner.learned(from: order, k: 4, seed: seed)
            #expect(learned.centroids.count == 4, "seed \(seed)")
            for group in groups {
                let mean = ReferenceKMeans.mean(group)
                let index = ReferenceKMeans.nearest(mean, learned.centroids)
                for axis in mean.indices {
                    #expect(abs(learned.centroids[index][axis] - mean[axis]) <= bound, "seed \(seed)")
                }
                #expect(abs(learned.shares[index] - Double(group.count) / 120) < 1e-12, "seed \(seed)")
            }
        }
    }

    /// Tables that leave a learner little to learn.
    enum Poor: CaseIterable {
        case oneVector, allEqual, allZero, constantsBesideNoise, twoDistinct, fewDistinct, oneFarAway,
            farFromZero, hardlyDifferent, tiny

        var points: [[Float]] {
            let noise = LearnerConformanceTests.points(60, spread: 1, seed: 5)
            switch self {
            case .oneVector: return [[1, 2, 3]]
            case .allEqual: return Array(repeating: [5, -3, 1e6], count: 60)
            case .allZero: return Array(repeating: [0, -0.0, 0], count: 60)
            case .constantsBesideNoise: return noise.map { [7, $0[1], -1e9] }
            case .twoDistinct: return (0..<60).map { [Float($0 % 2), 5, 5] }
            case .fewDistinct: return (0..<60).map { [Float($0 % 3), Float($0 % 3) * 1e20, -1] }
            case .oneFarAway: return noise.dropLast() + [[3e38, -3e38, 3e38]]
            case .farFromZero: return noise.map { $0.map { 1e30 + $0 } }
            case .hardlyDifferent: return noise.map { $0.map { 1 + $0 * 1e-7 } }
            case .tiny: return noise.map { $0.map { $0 * .leastNormalMagnitude } }
            }
        }
    }

    @Test(arguments: Learner.allCases, Poor.allCases)
    func `from poor tables come finite centroids among the vectors, no more than are distinct`(
        learner: Learner, poor: Poor
    ) throws {
        let points = poor.points
        let learned = try learner.learned(from: points, k: 5)
        let count = learned.centroids.count
        #expect((1...min(5, Set(points).count)).contains(count), "\(count) clusters")
        #expect(
            (learned.centroids.flatMap { $0 } + learned.shares + learned.others).allSatisfy { $0.isFinite })
        #expect(abs(learned.shares.reduce(0, +) - 1) < 1e-12)
        for axis in 0..<3 {
            let values = points.map { Double($0[axis]) }
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            let rounding = learner.roundoff * Double(points.count) * max(abs(low), abs(high))
            for centroid in learned.centroids {
                #expect(centroid[axis] >= low - rounding && centroid[axis] <= high + rounding, "\(centroid)")
            }
        }
    }
}
