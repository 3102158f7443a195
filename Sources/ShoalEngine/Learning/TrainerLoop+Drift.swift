internal import ShoalCore
internal import ShoalKafka

extension TrainerLoop {
    static func watch(_ settings: EngineSettings) -> DriftWatch? {
        guard settings.model.driftResponse == .alert else { return nil }
        return DriftWatch(featureNames: settings.features.map(\.name))
    }

    /// Looks for drift in a summary that the trainer has learned from.
    mutating func watch(_ summary: BatchSummary, model: SegmentModel?) {
        guard let alerts = drift?.absorb(summary, model: model), !alerts.isEmpty else { return }
        unsentAlerts += alerts
        status.alerts = drift?.active ?? []
        for alert in alerts {
            shared.log.throttledWarning("drift \(alert.id)", "drift: \(alert.headline)")
        }
    }

    /// Sends what has been raised, goes on or is resolved, under the alert's own key.
    mutating func sendAlerts() throws(KafkaError) {
        for alert in unsentAlerts {
            let key = Array(alert.id.utf8)
            let value = OutputBuffer.json(alert)
            try producer.produce(to: alertTopic, partition: 0, key: key.span, value: value.span)
        }
        unsentAlerts = []
    }
}
