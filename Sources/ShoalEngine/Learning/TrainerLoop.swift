internal import ShoalCore
internal import ShoalKafka
internal import Synchronization

/// The thread of the one active trainer: summaries in, models out.
///
/// Every process has one; the group gives the summaries' partition to one of them, so Kafka chooses who
/// trains and who follows when it goes. The model is the whole memory of a trainer: whoever takes over goes
/// on from it.
struct TrainerLoop: ~Copyable {
    private static let name = "trainer"
    private static let idleMilliseconds: Int32 = 50
    private static let recordsPerPoll = 200
    private static let askMilliseconds: Int32 = 5_000
    private static let flushMilliseconds: Int32 = 2_000
    /// Lanes adopt each publication; ten a second are as fresh as anybody can tell.
    private static let publicationMilliseconds: Int64 = 100
    private static let commitMilliseconds: Int64 = 1_000

    let shared: EngineShared
    private let consumer: KafkaConsumer
    let producer: KafkaProducer
    let modelTopic: KafkaTopicHandle
    private let partition: KafkaTopicPartition
    /// `nil` while another process trains.
    var trainer: Trainer?
    /// Beside the trainer, and as new as its turn; `nil` where nobody wants to know.
    var drift: DriftDesk?
    let alertTopic: KafkaTopicHandle
    /// A newer model than the one last published.
    var unpublished: SegmentModel?
    /// The model last published.
    var published: SegmentModel?
    /// Compares with the candidate; `nil` while there is none.
    var observer: ShadowObserver?
    /// What of the mailbox was seen last.
    var candidateSerial = 0
    var orderSerial = 0
    var reportedAt: Int64 = 0
    var reportedVectors = 0
    private var publishedAt: Int64 = 0
    private var committedAt: Int64 = 0
    private var nextOffset: Int64 = -1
    private var committedOffset: Int64 = -1
    private var isFirstModel = false
    var status = TrainerStatus()

    init(shared: EngineShared) throws(KafkaError) {
        let settings = shared.settings
        var properties = settings.kafka
        // Thousands of summaries.
        properties.setDefaults(["queued.max.messages.kbytes": "16384"])
        let consumer = try KafkaConsumer(
            group: settings.trainerGroup, properties: properties,
            events: shared.sink(client: "trainer consumer"))
        try consumer.subscribe([settings.topics.summaries])
        let producer = try KafkaProducer(
            properties: settings.kafka, events: shared.sink(client: "trainer producer"))
        let modelTopic = try producer.topic(settings.topics.model)
        alertTopic = try producer.topic(settings.topics.alerts)
        self.modelTopic = modelTopic
        self.producer = producer
        self.consumer = consumer
        self.shared = shared
        partition = KafkaTopicPartition(topic: settings.topics.summaries, partition: 0)
    }

    consuming func close() {
        consumer.close()
        producer.close()
    }

    mutating func runUntilStopped() throws(EngineError) {
        do {
            while !shared.isStopping { try turn() }
            try publish()
            try commit(isLast: true)
        } catch {
            throw .kafka(part: Self.name, error)
        }
    }

    private mutating func turn() throws(KafkaError) {
        var values: [[UInt8]?] = []
        var next = nextOffset
        let isOurs = trainer != nil
        let result = consumer.poll(limit: Self.recordsPerPoll, timeoutMilliseconds: Self.idleMilliseconds) {
            (record: borrowing KafkaRecord) in
            guard isOurs, record.partition == 0 else { return }
            next = record.offset + 1
            var value: [UInt8]?
            // Safe: copied at once.
            if let span = record.value { value = unsafe span.withUnsafeBufferPointer { unsafe Array($0) } }
            values.append(value)
        }
        if !values.isEmpty {
            status.isLearning = true
            publishStatus()
        }
        for value in values { absorb(value) }
        try sendAlerts()
        try sendProposal()
        nextOffset = next
        let now = SystemClock.monotonicMilliseconds
        if now - publishedAt >= Self.publicationMilliseconds { try publish() }
        try govern(now: now)
        producer.poll()
        if now - committedAt >= Self.commitMilliseconds {
            committedAt = now
            try commit(isLast: false)
        }
        if let event = result.event { try handle(event) }
        status.isLearning = unpublished != nil
        publishStatus()
    }

    private func publishStatus() {
        let status = status
        shared.trainerStatus.withLock { $0 = status }
    }

    private mutating func absorb(_ value: [UInt8]?) {
        status.summaries += 1
        guard let value else {
            status.garbage += 1
            return
        }
        do throws(SummaryWireError) {
            let summary = try BatchSummary(encoded: value)
            guard var current = trainer.take() else { return }
            let refused = current.refusedSummaries
            let live = current.model
            if let model = current.absorb(summary) { unpublished = model }
            if current.refusedSummaries > refused {
                status.garbage += 1
                shared.log.throttledWarning(
                    "summaries", "\(partition): a summary of another feature plan is passed over")
            } else {
                if let live { observer?.observe(summary, live: live) }
                watch(summary, &current)
            }
            status.gathered = current.reservoir.count
            trainer = current
        } catch {
            status.garbage += 1
            shared.log.throttledWarning("summaries", "\(partition): a record is passed over: \(error)")
        }
    }

    /// Publishes what is new, if anything is.
    mutating func publish() throws(KafkaError) {
        guard let model = unpublished else { return }
        unpublished = nil
        publishedAt = SystemClock.monotonicMilliseconds
        let artifact: [UInt8]
        do throws(ModelArtifactError) {
            artifact = try model.encodedArtifact()
        } catch {
            shared.log.throttledWarning("publish", "trainer: the model cannot be published: \(error)")
            return
        }
        try keepPrevious(before: model)
        try ModelTopicRecord(key: .live, value: artifact).produce(with: producer, to: modelTopic)
        status.publications += 1
        if isFirstModel {
            isFirstModel = false
            shared.log.info("trainer: first model: \(model.segmentCount) segments")
        }
    }

    /// Commits the summaries that the published model has learned from.
    ///
    /// Before the first model a successor needs them all.
    private mutating func commit(isLast: Bool) throws(KafkaError) {
        guard trainer?.model != nil, unpublished == nil, nextOffset > committedOffset else { return }
        let milliseconds = isLast ? Int32(clamping: shared.millisecondsLeft / 2) : Self.flushMilliseconds
        do {
            try producer.flush(timeoutMilliseconds: milliseconds)
            let offsets = [KafkaPartitionOffset(partition, offset: nextOffset)]
            if isLast { try consumer.commit(offsets) } else { try consumer.commitWithoutWaiting(offsets) }
            committedOffset = nextOffset
        } catch {
            guard !error.isFatal, error.isRetriable || error.isMembershipStale else { throw error }
            shared.log.throttledWarning("trainer commit", "trainer: not committed yet: \(error)")
        }
    }

    // MARK: Taking turns

    private mutating func handle(_ event: KafkaConsumerEvent) throws(KafkaError) {
        switch event {
        case .assigned(let partitions):
            if partitions.contains(partition) {
                try activate(partitions)
            } else {
                try consumer.assign(Self.stored(partitions))
            }
        case .revoked:
            try publish()
            try commit(isLast: false)
            deactivate()
        case .lost: deactivate()
        case .commitFailed(let error):
            committedOffset = -1
            shared.log.throttledWarning("trainer commit", "trainer: a commit failed, trying again: \(error)")
        case .failed(let error):
            if error.isFatal { throw error }
            shared.log.throttledWarning("trainer", "trainer: \(error)")
        case .endOfPartition: break
        }
    }

    private mutating func deactivate() {
        if trainer != nil { shared.log.info("trainer: not active any more; the group says who goes on") }
        trainer = nil
        unpublished = nil
        published = nil
        observer = nil
        // With what is unsent of it.
        drift = nil
        status.isActive = false
        status.alerts = []
        consumer.unassign()
    }

    /// Goes on from the last model, once the listener has read all there are.
    private mutating func activate(_ partitions: [KafkaTopicPartition]) throws(KafkaError) {
        let model = KafkaTopicPartition(topic: shared.settings.topics.model, partition: 0)
        var end: Int64?
        while end == nil, !shared.isStopping {
            do {
                end = try consumer.watermarks(model, timeoutMilliseconds: Self.askMilliseconds).upperBound
            } catch {
                guard error.isRetriable else { throw error }
                shared.log.throttledWarning("trainer ask", "trainer: trying again: \(error)")
            }
        }
        while let end, shared.mailbox.nextOffset < end, !shared.isStopping {
            producer.poll(timeoutMilliseconds: Self.idleMilliseconds)
        }
        // The model in the mailbox is that of the newest order.
        orderSerial = shared.mailbox.order?.serial ?? 0
        candidateSerial = 0
        let settings = shared.settings
        published = shared.mailbox.model
        if let last = shared.mailbox.model {
            trainer = Trainer(
                features: settings.features, planHash: shared.plan.hash, settings: settings.model,
                resuming: last, after: shared.mailbox.used)
            isFirstModel = false
            shared.log.info("trainer: active, going on from model version \(last.version)")
        } else {
            trainer = Trainer(
                features: settings.features, planHash: shared.plan.hash, settings: settings.model,
                after: shared.mailbox.used)
            isFirstModel = true
            shared.log.info(
                "trainer: active, no model of this feature plan yet: gathering "
                    + "\(settings.model.warmup) vectors")
        }
        drift = Self.desk(settings, resuming: shared.mailbox.model)
        nextOffset = -1
        committedOffset = -1
        status.isActive = true
        try consumer.assign(Self.stored(partitions))
    }

    private static func stored(_ partitions: [KafkaTopicPartition]) -> [KafkaPartitionOffset] {
        partitions.map { KafkaPartitionOffset($0, offset: KafkaPartitionOffset.stored) }
    }
}
