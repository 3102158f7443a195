/// How segments are learned and how steady they are; durations are in milliseconds of stream time.
package struct ModelSettings: Equatable, Sendable {
    /// How many segments there are.
    package enum ClusterCount: Equatable, Sendable {
        case fixed(Int)
        /// Chosen at seeding by stability, from 2 to `clusterCountMax`.
        case automatic
    }

    /// What drift does, besides being told of.
    package enum DriftResponse: String, CaseIterable, Sendable {
        /// Nobody watches, and nothing is spent on it.
        case ignore
        case alert
        /// Learning has a shorter half-life until the alerts are resolved.
        case adapt
        /// The segments are learned again from what came since.
        case reseed
        /// The same, as a candidate that a person approves of or not.
        case propose
    }

    package var clusterCount: ClusterCount = .automatic
    package var clusterCountMax = 12
    /// Vectors in the reservoir before the first model is seeded.
    package var warmup = 2_000
    /// Vectors the trainer keeps for seeding, biased towards the recent.
    package var reservoirSize = 10_000
    /// After this much stream time a vector weighs half in centroids, scales and shares.
    package var halfLife: Int64 = 14 * 86_400_000
    /// Events after which a customer is learned from and given a segment; before, a profile says little.
    package var minEvents = 1
    /// A customer moves only if the new segment is nearer by this many standard errors of the difference.
    package var certainty = 0.5
    /// A customer leaves a segment only for one that is nearer by this share of the squared distance.
    package var margin = 0.1
    /// Consecutive evaluations that must agree before a customer moves.
    package var confirm = 1
    /// Least stream time between two changes of one customer.
    package var minDwell: Int64 = 0
    /// A segment whose share stays below this is retired.
    package var minShare = 0.01
    /// Every profile is re-evaluated at least once in this much stream time.
    package var sweepInterval: Int64 = 86_400_000
    package var driftResponse: DriftResponse = .alert
    package var seed: UInt64 = 42

    package init() {}
}
