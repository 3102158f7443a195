/// The names of the topics that Shoal reads and writes.
package struct TopicSettings: Equatable, Sendable {
    /// Canonical events; read where no source names a topic of its own.
    package var events = "shoal.events"
    /// Every change of segment.
    package var changes = "segment-changes"
    /// Each customer's segment now; compacted.
    package var segments = "customer-segments"
    /// What could not be used, and why.
    package var deadLetters = "dead-letters"
    /// Batch summaries from lanes to the trainer.
    package var summaries = "shoal.summaries"
    /// The model; compacted.
    package var model = "shoal.model"
    package var alerts = "drift-alerts"

    package init() {}

    /// By topic: which of these it is.
    var uses: [String: String] {
        let pairs = [
            (events, "events"), (changes, "changes"), (segments, "segments"), (deadLetters, "dead_letters"),
            (summaries, "summaries"), (model, "model"), (alerts, "alerts"),
        ]
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
