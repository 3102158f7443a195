internal import ShoalCore
internal import ShoalKafka

/// Follows the model's topic and keeps the model in force, orders and the candidate in the mailbox.
struct ModelListener: ~Copyable {
    private static let idleMilliseconds: Int32 = 100
    private static let askMilliseconds: Int32 = 1_000
    private static let recordsPerPoll = 100
    /// Live models kept while catching up, so that a damaged newest one leaves others to choose from.
    private static let recordsMax = 16

    private let shared: EngineShared
    private let consumer: KafkaConsumer
    private let featureNames: [String]
    /// The last live models while catching up, oldest first, because a long history is not decoded one by
    /// one.
    private var waiting: [ModelTopicRecord] = []
    /// The newest record of each other key while catching up.
    private var waitingOthers: [ModelShelf.Key: ModelTopicRecord] = [:]
    private var isCaughtUp = false
    /// Where the topic ended at the start; −1 if the broker did not say.
    private var firstEnd: Int64 = -1

    init(shared: EngineShared) throws(KafkaError) {
        var properties = shared.settings.kafka
        properties["enable.partition.eof"] = "true"
        // The topic is small, and other models than the newest are of no use.
        properties.setDefaults(["auto.offset.reset": "earliest", "queued.max.messages.kbytes": "16384"])
        consumer = try KafkaConsumer(
            group: nil, properties: properties, events: shared.sink(client: "model listener"))
        self.shared = shared
        featureNames = shared.settings.features.map(\.name)
    }

    consuming func close() { consumer.close() }

    mutating func runUntilStopped() throws(EngineError) {
        do {
            try begin()
        } catch {
            throw .kafka(part: "model listener", error)
        }
        while !shared.isStopping {
            var records: [ModelTopicRecord] = []
            var strangers = 0
            var nextOffset: Int64 = -1
            let result = consumer.poll(
                limit: Self.recordsPerPoll, timeoutMilliseconds: Self.idleMilliseconds
            ) { (record: borrowing KafkaRecord) in
                nextOffset = record.offset + 1
                if let copy = ModelTopicRecord(record) {
                    records.append(copy)
                } else if record.value != nil {
                    strangers += 1
                }
            }
            if strangers > 0 { passOver("its key is that of nothing known") }
            take(records)
            if firstEnd >= 0, nextOffset >= firstEnd { catchUp() }
            switch result.event {
            case .endOfPartition(let end):
                catchUp()
                nextOffset = end.offset
            case .failed(let error):
                if error.isFatal { throw .kafka(part: "model listener", error) }
                shared.log.throttledWarning("model listener", "model listener: \(error)")
            default: break
            }
            if isCaughtUp, nextOffset >= 0 { shared.mailbox.reach(nextOffset) }
        }
    }

    /// Goes to the beginning of the topic.
    ///
    /// Lanes wait for the model, so the end is asked for: that it has come there the consumer says only after
    /// a whole `fetch.wait.max.ms` in which there was nothing more. To be asked also has it know the leader,
    /// for which an assigned partition waits half a second.
    private mutating func begin() throws(KafkaError) {
        let partition = KafkaTopicPartition(topic: shared.settings.topics.model, partition: 0)
        var start = KafkaPartitionOffset.beginning
        do {
            let held = try consumer.watermarks(partition, timeoutMilliseconds: Self.askMilliseconds)
            (start, firstEnd) = (held.lowerBound, held.upperBound)
        } catch {
            guard !error.isFatal else { throw error }
            // A topic made just now has no leader yet: the consumer finds the end by itself.
            if !error.isRetriable {
                shared.log.throttledWarning("model listener", "model listener: \(error)")
            }
        }
        try consumer.assign([KafkaPartitionOffset(partition, offset: start)])
        guard start == firstEnd else { return }
        catchUp()
        shared.mailbox.reach(firstEnd)
    }

    private mutating func take(_ records: [ModelTopicRecord]) {
        var others: [ModelShelf.Key: ModelTopicRecord] = [:]
        for record in records where record.key != .live { others[record.key] = record }
        let live = records.filter { $0.key == .live && $0.value != nil }
        guard isCaughtUp else {
            waitingOthers.merge(others) { $1 }
            waiting.append(contentsOf: live)
            if waiting.count > Self.recordsMax { waiting.removeFirst(waiting.count - Self.recordsMax) }
            return
        }
        adopt(live)
        take(others: others)
    }

    private func take(others: [ModelShelf.Key: ModelTopicRecord]) {
        for (key, record) in others {
            switch key {
            case .live: break
            case .candidate: take(candidate: record)
            case .candidateReport: shared.mailbox.put(report: record.report)
            case .previous(let slot):
                shared.mailbox.put(previous: record.value == nil ? nil : decoded(record), slot: slot)
            }
        }
    }

    private mutating func catchUp() {
        guard !isCaughtUp else { return }
        isCaughtUp = true
        // What a trainer still published after an order is of an older generation than the order.
        var newest: SegmentModel?
        for record in waiting {
            guard let model = decoded(record), model.generation >= newest?.generation ?? 0 else { continue }
            newest = model
        }
        waiting = []
        if let model = newest {
            shared.log.info("model: version \(model.version), \(model.segmentCount) segments, is in force")
            shared.mailbox.put(model)
        }
        take(others: waitingOthers)
        waitingOthers = [:]
    }

    /// Puts orders and the newest good model into the mailbox.
    private func adopt(_ live: [ModelTopicRecord]) {
        for record in live {
            guard let directive = record.directive, let model = decoded(record) else { continue }
            shared.log.info("model: \(directive.rawValue) to version \(model.version)")
            shared.mailbox.put(model, ordering: directive)
        }
        for record in live.reversed() where record.directive == nil {
            guard let model = decoded(record) else { continue }
            // Whoever trains has not heard of the order yet when it publishes an older generation.
            if model.generation >= shared.mailbox.model?.generation ?? 0 { shared.mailbox.put(model) }
            return
        }
    }

    private func take(candidate record: ModelTopicRecord) {
        guard record.value != nil else {
            shared.mailbox.put(candidate: nil)
            return
        }
        guard let model = decoded(record) else { return }
        shared.log.info("model: a candidate of \(model.segmentCount) segments is compared")
        shared.mailbox.put(candidate: model)
    }

    /// The record's model, if it is a whole one of this plan.
    private func decoded(_ record: ModelTopicRecord) -> SegmentModel? {
        do throws(ModelArtifactError) {
            return try record.model(planHash: shared.plan.hash, featureNames: featureNames)
        } catch {
            passOver("\(error)")
            if case .otherPlan = error, let model = try? record.model() { shared.mailbox.putAside(model) }
            return nil
        }
    }

    private func passOver(_ reason: String) {
        let topic = shared.settings.topics.model
        shared.log.throttledWarning("model", "\(topic): a record is passed over: \(reason)")
    }
}
