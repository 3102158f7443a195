internal import ShoalCore
internal import ShoalKafka

/// Follows the model's topic and keeps the last good model in the mailbox.
struct ModelListener: ~Copyable {
    private static let idleMilliseconds: Int32 = 100
    private static let recordsPerPoll = 100
    /// Records kept while catching up, so that a damaged newest one leaves others to choose from.
    private static let candidatesMax = 16

    private let shared: EngineShared
    private let consumer: KafkaConsumer
    private let featureNames: [String]
    /// The last records while catching up, oldest first, because a long history is not decoded one by one.
    private var candidates: [[UInt8]] = []
    private var isCaughtUp = false

    init(shared: EngineShared) throws(KafkaError) {
        var properties = shared.settings.kafka
        properties["enable.partition.eof"] = "true"
        // The topic is small, and other models than the newest are of no use.
        properties.setDefaults(["auto.offset.reset": "earliest", "queued.max.messages.kbytes": "16384"])
        let consumer = try KafkaConsumer(
            group: nil, properties: properties, events: shared.sink(client: "model listener"))
        let partition = KafkaTopicPartition(topic: shared.settings.topics.model, partition: 0)
        try consumer.assign([KafkaPartitionOffset(partition, offset: KafkaPartitionOffset.beginning)])
        self.consumer = consumer
        self.shared = shared
        featureNames = shared.settings.features.map(\.name)
    }

    consuming func close() { consumer.close() }

    mutating func runUntilStopped() throws(EngineError) {
        while !shared.isStopping {
            var records: [[UInt8]] = []
            var nextOffset: Int64 = -1
            let result = consumer.poll(
                limit: Self.recordsPerPoll, timeoutMilliseconds: Self.idleMilliseconds
            ) { (record: borrowing KafkaRecord) in
                nextOffset = record.offset + 1
                guard let value = record.value else { return }
                // Safe: copied at once.
                records.append(unsafe value.withUnsafeBufferPointer { unsafe Array($0) })
            }
            take(records)
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

    private mutating func take(_ records: [[UInt8]]) {
        guard !records.isEmpty else { return }
        if isCaughtUp {
            if let model = newestGood(of: records) { shared.mailbox.put(model) }
            return
        }
        candidates.append(contentsOf: records)
        if candidates.count > Self.candidatesMax {
            candidates.removeFirst(candidates.count - Self.candidatesMax)
        }
    }

    private mutating func catchUp() {
        guard !isCaughtUp else { return }
        isCaughtUp = true
        if let model = newestGood(of: candidates) {
            shared.log.info("model: version \(model.version), \(model.segmentCount) segments, is in force")
            shared.mailbox.put(model)
        }
        candidates = []
    }

    /// The last record that is a whole model of this plan.
    private func newestGood(of records: [[UInt8]]) -> SegmentModel? {
        for record in records.reversed() {
            do throws(ModelArtifactError) {
                return try SegmentModel(
                    artifact: record, planHash: shared.plan.hash, featureNames: featureNames)
            } catch {
                let topic = shared.settings.topics.model
                shared.log.throttledWarning("model", "\(topic): a record is passed over: \(error)")
            }
        }
        return nil
    }
}
