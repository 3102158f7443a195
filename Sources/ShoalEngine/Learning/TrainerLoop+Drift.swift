internal import ShoalCore
internal import ShoalKafka

extension TrainerLoop {
    /// A watch that begins with the model that training goes on from; `nil` where nobody wants to know.
    static func watch(_ settings: EngineSettings, resuming model: SegmentModel?) -> DriftWatch? {
        guard settings.model.driftResponse != .ignore else { return nil }
        return DriftWatch(features: settings.features, resuming: model)
    }

    /// Looks for drift in a summary that the trainer has learned from, and lets the trainer respond.
    mutating func watch(_ summary: BatchSummary, _ trainer: inout Trainer) {
        guard let alerts = drift?.absorb(summary, model: trainer.model) else { return }
        let active = drift?.active ?? []
        if !alerts.isEmpty {
            unsentAlerts += alerts
            status.alerts = active
        }
        for alert in alerts {
            shared.log.throttledWarning("drift \(alert.id)", "drift: \(alert.headline)")
        }
        switch trainer.respond(to: alerts, active: active) {
        case .nothing: break
        case .reseeded(let model):
            unpublished = model
            shared.log.info("drift: \(model.segmentCount) segments learned again from what came since")
        case .proposed(let model):
            unsentProposal = model
            shared.log.info(
                "drift: a candidate of \(model.segmentCount) segments awaits `shoal model promote`")
        }
    }

    /// Puts a candidate beside the live model, for a person to promote.
    mutating func sendProposal() throws(KafkaError) {
        guard let model = unsentProposal else { return }
        unsentProposal = nil
        var shelf = ModelShelf()
        shelf.live = trainer?.model
        guard let entries = try? shelf.proposing(model) else { return }
        for entry in entries {
            guard let record = try? ModelTopicRecord(entry) else { continue }
            try record.produce(with: producer, to: modelTopic)
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
