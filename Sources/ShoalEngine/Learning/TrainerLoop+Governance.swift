internal import ShoalCore
internal import ShoalKafka

/// What people decide about models, and what the trainer tells them for it.
extension TrainerLoop {
    /// How often a comparison with a candidate is told.
    private static let reportMilliseconds: Int64 = 5_000

    /// Follows an order that has come, and compares with the candidate there is.
    mutating func govern(now: Int64) throws(KafkaError) {
        guard trainer != nil else { return }
        if let order = shared.mailbox.order, order.serial != orderSerial {
            orderSerial = order.serial
            try follow(order)
        }
        if shared.mailbox.candidateSerial != candidateSerial {
            let (candidate, serial) = shared.mailbox.newestCandidate
            candidateSerial = serial
            observer = candidate.map(ShadowObserver.init)
            reportedVectors = 0
        }
        if now - reportedAt >= Self.reportMilliseconds, observer?.vectors ?? 0 > reportedVectors {
            reportedAt = now
            try report()
        }
    }

    /// Goes on from the model that a person put in force.
    ///
    /// Summaries that were gathered under the old model count for the new one where it knows their segments.
    private mutating func follow(_ order: ModelOrder) throws(KafkaError) {
        guard order.directive != .rename else {
            rename(as: order.model)
            try publish()
            return
        }
        var used = shared.mailbox.used
        if let current = trainer?.model { used.use(current) }
        let next = order.model.going(on: used)
        let settings = shared.settings
        trainer = Trainer(
            features: settings.features, planHash: shared.plan.hash, settings: settings.model, resuming: next)
        // The order has kept the model before it.
        published = next
        unpublished = next
        shared.log.info("trainer: \(order.directive.rawValue): going on as version \(next.version)")
        try publish()
    }

    private mutating func rename(as model: SegmentModel) {
        guard var current = trainer.take() else { return }
        for segment in model.segments where segment.isRenamed {
            let before = current.model?.segments.first { $0.id == segment.id }
            guard let before, before.name != segment.name else { continue }
            do throws(SegmentRenameError) {
                if let renamed = try current.rename(segment.label, to: segment.name) { unpublished = renamed }
            } catch {
                shared.log.throttledWarning("rename", "trainer: not renamed: \(error)")
            }
        }
        trainer = current
    }

    /// Publishes what is known of the candidate, if there is news.
    private mutating func report() throws(KafkaError) {
        guard let observer, let live = trainer?.model else { return }
        reportedVectors = observer.vectors
        let report = observer.report(live: live)
        try ModelTopicRecord(report).produce(with: producer, to: modelTopic)
        let percent = (report.agreement * 1_000).rounded() / 10
        shared.log.info(
            "candidate: \(percent) % of \(report.compared) sampled vectors stay, \(report.movers) would move")
    }

    /// Keeps the model before a structural change, so that it can be rolled back.
    mutating func keepPrevious(before next: SegmentModel) throws(KafkaError) {
        defer { published = next }
        guard let former = published, former.generation < next.generation,
            let artifact = try? former.encodedArtifact()
        else { return }
        let slot = ModelShelf.slot(ofGeneration: former.generation)
        try ModelTopicRecord(key: .previous(slot), value: artifact).produce(with: producer, to: modelTopic)
    }
}
