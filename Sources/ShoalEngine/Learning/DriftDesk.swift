package import ShoalCore

/// Watches for drift beside a trainer, lets it respond, and keeps what is to be sent of that.
///
/// It belongs to one turn of training and ends with it. What is unsent then is dropped: a turn commits only
/// summaries whose alerts were sent, so whoever trains next learns from the same summaries and raises them
/// under a model of its own; a candidate of a trainer that is gone would be compared with another's segments.
package struct DriftDesk: Sendable {
    /// Alerts that are still to be sent.
    package private(set) var unsentAlerts: [DriftAlert] = []
    /// A candidate that drift has led to and that is still to be sent.
    package private(set) var unsentProposal: SegmentModel?
    /// Alerts that are not resolved.
    package var active: [DriftAlert] { watch.active }

    private var watch: DriftWatch

    package init(features: [FeatureDefinition], resuming model: SegmentModel?) {
        watch = DriftWatch(features: features, resuming: model)
    }

    /// Looks for drift in a summary that the trainer has learned from, and lets the trainer respond.
    ///
    /// - Returns: the alert records of this summary, and what the trainer has made of them.
    package mutating func absorb(
        _ summary: BatchSummary, trainer: inout Trainer
    ) -> (alerts: [DriftAlert], outcome: Trainer.DriftOutcome) {
        let alerts = watch.absorb(summary, model: trainer.model)
        unsentAlerts += alerts
        let outcome = trainer.respond(to: alerts, active: watch.active)
        if case .proposed(let model) = outcome { unsentProposal = model }
        return (alerts, outcome)
    }

    /// Hands the alerts over for sending.
    package mutating func takeAlerts() -> [DriftAlert] {
        defer { unsentAlerts = [] }
        return unsentAlerts
    }

    /// Hands the candidate over for sending.
    package mutating func takeProposal() -> SegmentModel? { unsentProposal.take() }
}
