internal import ShoalCore
internal import ShoalKafka

extension TrainerLoop {
    /// A desk that begins with the model that training goes on from; `nil` where nobody wants to know.
    static func desk(_ settings: EngineSettings, resuming model: SegmentModel?) -> DriftDesk? {
        guard settings.model.driftResponse != .ignore else { return nil }
        return DriftDesk(features: settings.features, resuming: model)
    }

    /// Looks for drift in a summary that the trainer has learned from, and tells of what the trainer does.
    mutating func watch(_ summary: BatchSummary, _ trainer: inout Trainer) {
        guard var desk = drift.take() else { return }
        let (alerts, outcome) = desk.absorb(summary, trainer: &trainer)
        if !alerts.isEmpty { status.alerts = desk.active }
        drift = desk
        for alert in alerts {
            shared.log.throttledWarning("drift \(alert.id)", "drift: \(alert.headline)")
        }
        switch outcome {
        case .nothing: break
        case .reseeded(let model):
            unpublished = model
            shared.log.info("drift: \(model.segmentCount) segments learned again from what came since")
        case .proposed(let model):
            shared.log.info(
                "drift: a candidate of \(model.segmentCount) segments awaits `shoal model promote`")
        }
    }

    /// Puts a candidate beside the live model, for a person to promote.
    mutating func sendProposal() throws(KafkaError) {
        guard let model = drift?.takeProposal() else { return }
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
        for alert in drift?.takeAlerts() ?? [] {
            let key = Array(alert.id.utf8)
            let value = OutputBuffer.json(alert)
            try producer.produce(to: alertTopic, partition: 0, key: key.span, value: value.span)
        }
    }
}
