/// How near a model's segments come to the vectors that were measured against them.
package struct ShadowFit: Equatable, Sendable {
    package private(set) var vectors = 0
    package private(set) var squaredDistances = 0.0

    package init() {}

    package mutating func add(squaredDistance: Double, vectors count: Int = 1) {
        vectors += count
        squaredDistances += squaredDistance
    }

    /// Adds what a lane found while it assigned.
    package mutating func add(_ summary: BatchSummary) {
        vectors += summary.segmentCounts.reduce(0, +)
        squaredDistances += summary.segmentSquaredDistances.reduce(0, +)
    }

    /// Mean d²; 0 before the first vector.
    package var meanSquaredDistance: Double {
        vectors == 0 ? 0 : squaredDistances / Double(vectors)
    }
}
