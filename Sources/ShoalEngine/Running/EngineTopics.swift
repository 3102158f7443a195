/// Names of the topics that the engine writes, and of those it talks to itself through.
package struct EngineTopics: Equatable, Sendable {
    /// Events that are keyed by customer: canonical ones, and what a router makes of other sources.
    package var events: String
    /// Every change of segment.
    package var changes: String
    /// Each customer's segment now; compacted.
    package var segments: String
    /// What could not be used, and why.
    package var deadLetters: String
    /// Batch summaries from lanes to the trainer.
    package var summaries: String
    /// The model; compacted.
    package var model: String
    /// Drift, from raised to resolved.
    package var alerts: String

    package init(
        events: String = "shoal.events", changes: String = "segment-changes",
        segments: String = "customer-segments",
        deadLetters: String = "dead-letters", summaries: String = "shoal.summaries",
        model: String = "shoal.model", alerts: String = "drift-alerts"
    ) {
        self.events = events
        self.changes = changes
        self.segments = segments
        self.deadLetters = deadLetters
        self.summaries = summaries
        self.model = model
        self.alerts = alerts
    }
}
