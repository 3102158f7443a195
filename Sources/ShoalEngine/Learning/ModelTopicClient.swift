package import ShoalCore
package import ShoalKafka

/// Reads and writes the model's topic for operators' tools; the daemon has its own listener.
package struct ModelTopicClient {
    private static let askMilliseconds: Int32 = 10_000
    private static let pollMilliseconds: Int32 = 100
    private static let recordsPerPoll = 100
    /// Polls without progress before a broker counts as silent: 15 s.
    private static let pollsMax = 150

    private let properties: KafkaProperties
    private let topic: String
    private let planHash: UInt64

    /// - Parameters:
    ///   - properties: librdkafka's, with `bootstrap.servers`.
    ///   - topic: the model's topic.
    ///   - plan: whose models are wanted; others are passed over.
    package init(properties: KafkaProperties, topic: String, plan: FeaturePlan) {
        self.properties = properties
        self.topic = topic
        planHash = plan.hash
    }

    /// Reads the whole topic.
    ///
    /// - Returns: the newest good model under each key, and the newest report on a candidate.
    /// - Throws: `EngineError` if the broker does not answer.
    package func read() throws(EngineError) -> ModelShelf {
        do {
            return try readToEnd()
        } catch {
            throw .kafka(part: "model topic", error)
        }
    }

    private func readToEnd() throws(KafkaError) -> ModelShelf {
        var properties = properties
        properties["enable.partition.eof"] = "true"
        properties.setDefaults(["auto.offset.reset": "earliest"])
        let consumer = try KafkaConsumer(group: nil, properties: properties, events: { _ in })
        let partition = KafkaTopicPartition(topic: topic, partition: 0)
        let end = try consumer.watermarks(partition, timeoutMilliseconds: Self.askMilliseconds).upperBound
        try consumer.assign([KafkaPartitionOffset(partition, offset: KafkaPartitionOffset.beginning)])
        var records: [ModelTopicRecord] = []
        var next: Int64 = 0
        var idlePolls = 0
        while next < end, idlePolls < Self.pollsMax {
            idlePolls += 1
            let result = consumer.poll(
                limit: Self.recordsPerPoll, timeoutMilliseconds: Self.pollMilliseconds
            ) { (record: borrowing KafkaRecord) in
                next = record.offset + 1
                idlePolls = 0
                if let copy = ModelTopicRecord(record) { records.append(copy) }
            }
            switch result.event {
            case .endOfPartition(let place): next = max(next, place.offset)
            case .failed(let error): if error.isFatal { throw error }
            default: break
            }
        }
        consumer.close()
        var shelf = ModelShelf()
        for record in records {
            if record.key == .candidateReport {
                shelf.report = record.report
            } else if record.value == nil {
                shelf.remove(record.key)
            } else if let model = try? record.model() {
                if model.planHash == planHash {
                    shelf.put(model, under: record.key)
                } else {
                    shelf.used.use(model)
                }
            }
        }
        return shelf
    }

    /// Writes records in order and waits until the broker has them.
    ///
    /// - Throws: `EngineError` if it does not take them.
    package func write(_ entries: [ModelShelf.Entry]) throws(EngineError) {
        var records: [ModelTopicRecord] = []
        for entry in entries {
            do throws(ModelArtifactError) {
                records.append(try ModelTopicRecord(entry))
            } catch {
                throw .topics(["\(topic): the model cannot be written: \(error)"])
            }
        }
        do throws(KafkaError) {
            let producer = try KafkaProducer(properties: properties, events: { _ in })
            let handle = try producer.topic(topic)
            for record in records { try record.produce(with: producer, to: handle) }
            try producer.flush(timeoutMilliseconds: Self.askMilliseconds)
            producer.close()
        } catch {
            throw .kafka(part: "model topic", error)
        }
    }
}
