package import ShoalCore

/// What the trainer's thread says of itself.
package struct TrainerStatus: Sendable {
    /// Whether this process is the one that trains.
    package var isActive = false
    /// Whether summaries that it has read are still to be learned from, or a model to be published.
    package var isLearning = false
    package var summaries = 0
    /// Records that are no summaries, and summaries of another plan.
    package var garbage = 0
    /// Vectors gathered towards the first model.
    package var gathered = 0
    package var publications = 0
    /// Drift alerts that are not resolved, by name.
    package var alerts: [DriftAlert] = []

    package init() {}
}
