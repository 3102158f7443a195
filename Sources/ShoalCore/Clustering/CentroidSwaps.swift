/// Leaves a local optimum of k-means by moving the centroid that is missed least to where it helps most.
///
/// Fränti, "Efficiency of random swap clustering", J. Big Data 5:13, 2018, algorithm 1. Differs in that the
/// swap is not blind: the centroid to give up is one of the cheapest (by what its points pay for the second
/// nearest), and the new place is the best of a few drawn by weighted d², so that few swaps are enough.
struct CentroidSwaps {
    /// Swaps without success after which the optimum is taken for good.
    static let failuresMax = 6
    /// The cheapest centroids to give up, tried in turn.
    private static let victimsMax = 3
    private static let candidateCount = 4

    private let points: ScaledPoints
    private(set) var best: Lloyd

    /// - Parameters:
    ///   - points: What is clustered.
    ///   - start: What to improve on, converged.
    init(points: ScaledPoints, start: Lloyd) {
        self.points = points
        best = start
    }

    /// Swaps while it lowers the inertia.
    mutating func improve(using generator: inout SeededGenerator) {
        let clusterCount = best.clusterCount
        guard clusterCount > 2 else { return }
        best.measureAll()
        var failures = 0
        while failures < Self.failuresMax, best.inertia > 0 {
            let costs = removalCosts()
            let order = costs.indices.sorted { costs[$0] != costs[$1] ? costs[$0] < costs[$1] : $0 < $1 }
            let victim = order[failures % min(Self.victimsMax, clusterCount)]
            var run = best
            run.move(victim, onto: place(without: victim, using: &generator))
            run.converge()
            if run.inertia < best.inertia * (1 - 1e-6) {
                run.measureAll()
                best = run
                failures = 0
            } else {
                failures += 1
            }
        }
    }

    /// How much the inertia would grow if a centroid were gone and nothing moved: `[k]`.
    private func removalCosts() -> [Double] {
        var costs = [Double](repeating: 0, count: best.clusterCount)
        for index in 0..<points.count {
            let first = Double(best.bounds[index].upper)
            let second = Double(best.bounds[index].lower)
            costs[best.members[index]] += points.weights[index] * (second * second - first * first)
        }
        return costs
    }

    /// A point that one centroid would do well to move onto.
    private func place(without victim: Int, using generator: inout SeededGenerator) -> Int {
        let distances = (0..<points.count).map { index in
            let distance =
                best.members[index] == victim ? best.bounds[index].lower : best.bounds[index].upper
            return distance * distance
        }
        return Seeding.bestCandidate(
            of: Self.candidateCount, distances: distances, on: points, using: &generator)
    }
}
