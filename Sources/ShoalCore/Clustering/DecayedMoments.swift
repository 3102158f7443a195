/// Mean and variance of each feature over a stream that is forgotten as time passes.
///
/// Batches are merged by Chan, Golub, LeVeque, "Updating formulae and a pairwise algorithm for computing
/// sample variances", 1979, equation 2.1; forgetting multiplies mass and squared deviations alike, which is
/// the same as weighting every vector by its age.
package struct DecayedMoments: Equatable, Sendable {
    /// Decayed number of vectors.
    package private(set) var mass: Double
    /// `[d]`.
    package private(set) var means: [Double]
    /// Decayed Σ (x − mean)²: `[d]`.
    package private(set) var squaredDeviations: [Double]

    package init(featureCount: Int) {
        mass = 0
        means = Array(repeating: 0, count: featureCount)
        squaredDeviations = Array(repeating: 0, count: featureCount)
    }

    /// Goes on from a model's means and scales, as if from `mass` vectors.
    package init(mass: Double, means: [Double], scales: [Double]) {
        self.mass = mass
        self.means = means
        squaredDeviations = scales.map { $0 * $0 * mass }
    }

    /// Multiplies the weight of all that has been seen by `factor`, 0…1.
    package mutating func forget(_ factor: Double) {
        guard factor < 1 else { return }
        mass *= factor
        for axis in squaredDeviations.indices { squaredDeviations[axis] *= factor }
    }

    /// Adds a batch of `count` vectors, each weighing `weight`.
    ///
    /// - Complexity: O(d). Does not allocate.
    package mutating func merge(
        count: Double, means batchMeans: [Double], squaredDeviations batchDeviations: [Double], weight: Double
    ) {
        let added = count * weight
        guard added > 0 else { return }
        precondition(batchMeans.count == means.count && batchDeviations.count == means.count)
        let total = mass + added
        let share = added / total
        for axis in means.indices {
            let difference = batchMeans[axis] - means[axis]
            means[axis] += share * difference
            squaredDeviations[axis] +=
                weight * batchDeviations[axis] + difference * difference * (mass * share)
        }
        mass = total
    }

    /// Standard deviation (of the population) of one feature, 0 before the first vector.
    package func scale(_ axis: Int) -> Double {
        mass > 0 ? (max(0, squaredDeviations[axis]) / mass).squareRoot() : 0
    }
}
