internal import ShoalCore
internal import ShoalKafka

/// What a router has read of each partition, and what becomes of a record: another key, or a dead letter.
///
/// Apart from the consumer that lends it the records, so that one is read while the other changes.
struct RouterIntake {
    private struct Place: Hashable {
        let topic: Int
        let partition: Int32
    }

    private struct Progress {
        /// The offset after the last record read.
        var next: Int64
        /// The group's committed offset; `nil` for none.
        var committed: Int64?
        /// The partition's end when it was assigned.
        let end: Int64
    }

    private let topics: [String]
    /// By index of the topic.
    private let decoders: [SourceDecoder]
    private let marks: [KafkaHeader]
    /// Of the topic that lanes read.
    private let partitionCount: Int32
    private let futureMillisecondsMax: Int64?
    private var progress: [Place: Progress] = [:]
    /// Records on their way out.
    private(set) var outbound: [OutboundRecord] = []
    private(set) var recordCount = 0
    /// Only what lanes never see is counted here.
    private(set) var counters = ShardCounters()
    private(set) var rejections = RejectionCounts()
    /// Both as of the last commit: what comes after may be read again.
    private(set) var settled = RouterStatus()
    /// The newest rejection, for the log.
    private(set) var lastRejection: (place: String, rejection: EventRejection)?

    init(_ settings: EngineSettings, plan: FeaturePlan, partitionCount: Int32) {
        topics = settings.routedTopics
        self.partitionCount = partitionCount
        futureMillisecondsMax = settings.limits.futureMillisecondsMax
        var decoders: [SourceDecoder] = []
        var marks: [KafkaHeader] = []
        for source in settings.routed {
            let decoder = SourceDecoder(
                EventDecoder(source: source, schema: plan.schema, limits: settings.limits))
            for _ in source.topics {
                decoders.append(decoder)
                marks.append(KafkaHeader(name: RoutedSources.header, value: source.name))
            }
        }
        self.decoders = decoders
        self.marks = marks
    }

    // MARK: Partitions

    var ownedPartitions: [KafkaTopicPartition] { progress.keys.map(partition) }

    private func partition(_ place: Place) -> KafkaTopicPartition {
        KafkaTopicPartition(topic: topics[place.topic], partition: place.partition)
    }

    private func place(_ partition: KafkaTopicPartition) -> Place? {
        topics.firstIndex(of: partition.topic).map { Place(topic: $0, partition: partition.partition) }
    }

    mutating func assign(_ partition: KafkaTopicPartition, next: Int64, committed: Int64?, end: Int64) {
        guard let place = place(partition) else { return }
        progress[place] = Progress(next: next, committed: committed, end: end)
    }

    mutating func revokeAll() {
        progress = [:]
        outbound = []
    }

    /// Nothing but records of no content (transaction markers) lies before an offset.
    mutating func reachEnd(_ end: KafkaPartitionOffset) {
        guard let place = place(end.partition), let next = progress[place]?.next, next < end.offset else {
            return
        }
        progress[place]?.next = end.offset
    }

    /// What is read and not yet committed, in a fixed order.
    var uncommitted: [KafkaPartitionOffset] {
        progress.filter { $0.value.next != $0.value.committed ?? 0 }
            .map { KafkaPartitionOffset(partition($0.key), offset: $0.value.next) }
            .sorted { first, second in
                (first.partition.topic, first.partition.partition)
                    < (second.partition.topic, second.partition.partition)
            }
    }

    mutating func noteCommitted(_ offsets: [KafkaPartitionOffset]) {
        for offset in offsets {
            guard let place = place(offset.partition) else { continue }
            progress[place]?.committed = offset.offset
        }
        settled.records = recordCount
        settled.counters = counters
        settled.rejections = rejections
    }

    mutating func forgetCommitted() {
        for place in progress.keys { progress[place]?.committed = nil }
    }

    /// Records that the partitions hold beyond what is read.
    ///
    /// - Parameter cachedEnd: what the consumer knows of a partition's end.
    /// - Returns: their number, as far as is known.
    func lag(_ cachedEnd: (KafkaTopicPartition) -> Int64?) -> Int64 {
        progress.reduce(0) { sum, entry in
            sum + max(0, max(entry.value.end, cachedEnd(partition(entry.key)) ?? 0) - entry.value.next)
        }
    }

    // MARK: Records

    mutating func removeOutbound() { outbound.removeAll(keepingCapacity: true) }

    mutating func takeRejection() -> (place: String, rejection: EventRejection)? {
        defer { lastRejection = nil }
        return lastRejection
    }

    /// Decides where one record goes.
    mutating func take(_ record: borrowing KafkaRecord) {
        let place = Place(topic: record.topicIndex, partition: record.partition)
        guard let next = progress[place]?.next, record.offset >= next else { return }
        progress[place]?.next = record.offset + 1
        recordCount += 1
        switch customer(of: record) {
        case .success(let customer?):
            let target = KafkaPlacement.partition(of: customer.span, partitionCount: partitionCount)
            outbound.append(
                .routed(record, customer: customer, mark: marks[record.topicIndex], partition: target))
        case .success(nil): counters.ignored += 1
        case .failure(let rejection):
            counters.rejected += 1
            rejections.count(rejection)
            let topic = topics[record.topicIndex]
            outbound.append(.deadLetter(record, topic: topic, rejection: rejection))
            lastRejection = ("\(topic)[\(record.partition)]@\(record.offset)", rejection)
        }
    }

    /// - Returns: the customer's id, `nil` for a record to be ignored, or why it cannot be used.
    private func customer(of record: borrowing KafkaRecord) -> Result<[UInt8]?, EventRejection> {
        guard let value = record.value else { return .failure(EventRejection(.notJSON, "null_value")) }
        let timestamp = record.timestampMilliseconds
        var latest = Int64.max
        if let timestamp, let future = futureMillisecondsMax { latest = timestamp &+ future }
        let source = decoders[record.topicIndex]
        return unsafe value.withUnsafeBytes { bytes in
            // Safe: the bytes live until the record's closure returns, and the id is copied.
            let outcome = unsafe source.decoder.decode(
                bytes, isPadded: false, recordTimestampMilliseconds: timestamp, latestMilliseconds: latest)
            return switch outcome {
            case .event: .success(unsafe Array(source.decoder.event.customer.buffer))
            case .ignored: .success(nil)
            case .rejected(let rejection): .failure(rejection)
            }
        }
    }
}
