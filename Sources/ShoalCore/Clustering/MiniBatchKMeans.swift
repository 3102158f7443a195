/// Centroids that move with the stream: each is the decayed mean of all vectors that were assigned to it.
///
/// Sculley, "Web-scale k-means clustering", WWW 2010, algorithm 1, with a batch's vectors of one centroid
/// taken at once: a step of n/(N + n) towards their mean equals n steps of 1/N. Differs from the paper in
/// that masses are forgotten with a half-life, so that a centroid never comes to rest.
package struct MiniBatchKMeans: Equatable, Sendable {
    package let featureCount: Int
    /// `[k × d]`, row-major, in feature space.
    package private(set) var centroids: [Double]
    /// Decayed number of vectors behind each centroid: `[k]`.
    package private(set) var masses: [Double]

    package var clusterCount: Int { masses.count }

    /// - Precondition: `centroids` is `[k × d]`, `masses` `[k]`.
    package init(centroids: [Double], masses: [Double], featureCount: Int) {
        precondition(featureCount > 0 && centroids.count == masses.count * featureCount)
        self.centroids = centroids
        self.masses = masses
        self.featureCount = featureCount
    }

    /// Multiplies the weight of all that has been seen by `factor`, 0…1; centroids stay where they are.
    package mutating func forget(_ factor: Double) {
        guard factor < 1 else { return }
        for cluster in masses.indices { masses[cluster] *= factor }
    }

    /// Moves one centroid towards the mean of the vectors that were assigned to it.
    ///
    /// - Parameters:
    ///   - cluster: `0 ..< clusterCount`.
    ///   - count: How many vectors, n.
    ///   - sums: A table of their sums, `[rows × d]`.
    ///   - row: The row of `sums` that holds this cluster's.
    ///   - weight: What each of them weighs: 1, or less if they are older than what is known.
    /// - Complexity: O(d). Does not allocate.
    package mutating func absorb(
        into cluster: Int, count: Double, sums: [Double], row: Int, weight: Double = 1
    ) {
        let added = count * weight
        guard added > 0 else { return }
        precondition(masses.indices.contains(cluster) && (row + 1) * featureCount <= sums.count)
        let total = masses[cluster] + added
        let rate = added / total
        for axis in 0..<featureCount {
            let position = cluster * featureCount + axis
            let mean = sums[row * featureCount + axis] / count
            centroids[position] += rate * (mean - centroids[position])
        }
        masses[cluster] = total
    }
}
