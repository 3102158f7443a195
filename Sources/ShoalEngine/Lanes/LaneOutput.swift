internal import ShoalCore
internal import ShoalKafka

/// A lane's producer with what waits for room in its queue.
///
/// Nothing here blocks on a full queue: `drain` says that it is full, and the lane then pauses its input.
struct LaneOutput<Producer: LaneProducer & ~Copyable>: ~Copyable {
    private let properties: KafkaProperties
    private let topics: EngineTopics
    private let events: KafkaEventSink
    private(set) var producer: Producer
    private var changes: KafkaTopicHandle
    private var segments: KafkaTopicHandle
    private var deadLetters: KafkaTopicHandle
    private var summaries: KafkaTopicHandle
    private var eventsTopic: KafkaTopicHandle
    /// `nil` when the lane delivers at least once.
    var transaction: TransactionStateMachine?

    private var connectionsClosedAtOpening = 0
    /// After so long librdkafka gives a request up, and may send it again.
    let requestMilliseconds: Int64
    /// After so long the broker gives a transaction up.
    let transactionMilliseconds: Int64

    /// Changes and current segments, as shards write them.
    var buffer = OutputBuffer()
    /// Kafka timestamp of the record that caused each record of the buffer; 0 where no record did.
    private var timestamps: [Int64] = []
    private var drainedCount = 0
    private var waiting: [OutboundRecord] = []
    private var sentCount = 0
    /// Since when outputs have been gathered, while they may be.
    private var gatheringSince: Int64?

    /// How long outputs may be gathered, and how many bytes of them: many times `linger.ms`, and about what
    /// one request holds for each of some partitions.
    private static var gatheringMilliseconds: Int64 { 100 }
    private static var gatheredBytesMax: Int { 4 << 20 }

    /// An event's outputs may be large where a customer's id is, but a record this large is no event.
    private static func defaults(_ settings: EngineSettings) -> KafkaProperties {
        [
            "queue.buffering.max.messages": "100000",
            "queue.buffering.max.kbytes": "\(settings.unsentKilobytes)",
            "message.max.bytes": "10000000",
        ]
    }

    /// Starts a producer.
    ///
    /// - Parameters:
    ///   - settings: the engine's.
    ///   - transactionalID: of this lane's slot; `nil` delivers at least once.
    ///   - events: told of the broker's health.
    /// - Throws: When librdkafka refuses.
    init(
        settings: EngineSettings, transactionalID: String?, events: @escaping KafkaEventSink
    ) throws(KafkaError) {
        var properties = settings.kafka
        properties.setDefaults(Self.defaults(settings))
        if let transactionalID {
            // librdkafka gives records as long as their transaction has.
            properties.setDefaults(KafkaProducer.transactionalProperties)
            properties["transactional.id"] = transactionalID
            let timeout = properties["transaction.timeout.ms"].flatMap { Int64($0) } ?? 0
            transaction = TransactionStateMachine(timeoutMilliseconds: max(1, timeout))
        } else {
            // A record waits for its broker for ever: giving up would lose it, and the queue bounds how many.
            // It can be read at once, and not only with its transaction, so it waits little for others.
            properties.setDefaults(["message.timeout.ms": "0", "linger.ms": "0.3"])
        }
        let producer = try Self.producer(properties, events)
        (changes, segments, deadLetters, summaries, eventsTopic) = try Self.handles(
            settings.topics, of: producer)
        self.producer = producer
        self.properties = properties
        transactionMilliseconds = properties["transaction.timeout.ms"].flatMap { Int64($0) } ?? 0
        requestMilliseconds = properties["socket.timeout.ms"].flatMap { Int64($0) } ?? 0
        topics = settings.topics
        self.events = events
    }

    private static func producer(
        _ properties: KafkaProperties, _ events: @escaping KafkaEventSink
    ) throws(KafkaError) -> Producer {
        try Producer(properties: properties, queueFullWaitMillisecondsMax: 0, events: events)
    }

    private static func handles(
        _ topics: EngineTopics, of producer: borrowing Producer
    ) throws(KafkaError) -> (
        KafkaTopicHandle, KafkaTopicHandle, KafkaTopicHandle, KafkaTopicHandle, KafkaTopicHandle
    ) {
        (
            try producer.topic(topics.changes), try producer.topic(topics.segments),
            try producer.topic(topics.deadLetters), try producer.topic(topics.summaries),
            try producer.topic(topics.events)
        )
    }

    /// Destroys the producer, with whatever it has queued, and makes another of the same identity.
    mutating func replaceProducer() throws(KafkaError) {
        var other = try Self.producer(properties, events)
        (changes, segments, deadLetters, summaries, eventsTopic) = try Self.handles(topics, of: other)
        swap(&producer, &other)
        other.close()
    }

    consuming func close() { producer.close() }

    /// Whether everything was handed to the producer.
    var isDrained: Bool { waiting.isEmpty && buffer.isEmpty }

    /// Records that are not in Kafka yet.
    var outstandingCount: Int {
        waiting.count - sentCount + buffer.records.count - drainedCount + producer.outstandingCount
    }

    mutating func enqueue(_ record: OutboundRecord) { waiting.append(record) }

    /// Remembers which record caused what the buffer has got since the last call.
    @inline(__always)
    mutating func stamp(_ timestampMilliseconds: Int64?) {
        let count = buffer.records.count
        while timestamps.count < count { timestamps.append(timestampMilliseconds ?? 0) }
    }

    /// Hands what waits to the producer, in order, and opens a transaction for it.
    ///
    /// - Parameters:
    ///   - now: milliseconds of a monotonic clock.
    ///   - gathers: whether more is about to come of a backlog. What has waited that long may wait a moment
    ///     more for others: each request to the broker costs as much as dozens of records.
    /// - Returns: whether all of it went or is gathered; if not, the queue is full, and the rest waits for
    ///   the next call.
    /// - Throws: When Kafka will not take a record.
    mutating func drain(now: Int64, gathers: Bool = false) throws(KafkaError) -> Bool {
        producer.poll()
        if isDrained { return true }
        if gathers, gathersOn(now: now) { return true }
        gatheringSince = nil
        try openTransaction(now: now)
        do {
            try drainBuffer()
            try drainWaiting()
        } catch {
            if error.isQueueFull { return false }
            throw error
        }
        return true
    }

    private mutating func gathersOn(now: Int64) -> Bool {
        let since = gatheringSince ?? now
        gatheringSince = since
        return now - since < Self.gatheringMilliseconds && buffer.bytes < Self.gatheredBytesMax
    }

    /// Whether a request of this transaction may have been sent twice.
    var hasLostConnection: Bool { producer.closedConnectionCount != connectionsClosedAtOpening }

    /// Opens a transaction, if there are any and none is open.
    mutating func openTransaction(now: Int64) throws(KafkaError) {
        guard let machine = transaction, !machine.isOpen else { return }
        try producer.beginTransaction()
        connectionsClosedAtOpening = producer.closedConnectionCount
        transaction?.opened(now: now)
    }

    /// Forgets what a shard wrote while its outputs were not wanted.
    mutating func discardBuffer() {
        precondition(drainedCount == 0, "What is half drained is wanted.")
        buffer.removeAll()
        timestamps.removeAll(keepingCapacity: true)
    }

    /// Forgets everything that the producer has not been given.
    mutating func discardAll() {
        drainedCount = 0
        sentCount = 0
        gatheringSince = nil
        waiting.removeAll()
        discardBuffer()
    }

    private mutating func drainBuffer() throws(KafkaError) {
        stamp(nil)
        var index = 0
        var failure: KafkaError?
        let alreadyDrained = drainedCount
        var drained = drainedCount
        unsafe buffer.forEach { record, key, value in
            defer { index += 1 }
            guard failure == nil, index >= alreadyDrained else { return }
            let topic = record.stream == .changes ? changes : segments
            let timestamp = timestamps[index]
            do throws(KafkaError) {
                if timestamp > 0 {
                    unsafe try produce(topic, record.partition, key: key, value: value, at: timestamp)
                } else {
                    unsafe try producer.produce(
                        to: topic, partition: record.partition, key: key, value: value)
                }
                drained += 1
            } catch {
                failure = error
            }
        }
        drainedCount = drained
        if let failure { throw failure }
        drainedCount = 0
        buffer.removeAll()
        timestamps.removeAll(keepingCapacity: true)
    }

    private borrowing func produce(
        _ topic: KafkaTopicHandle, _ partition: Int32, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer?, at timestamp: Int64
    ) throws(KafkaError) {
        // Safe: the spans live as long as the buffer's bytes, which are not touched before this returns.
        let keySpan = unsafe Span<UInt8>(_unsafeBytes: key)
        guard let value = unsafe value else {
            try producer.produce(
                to: topic, partition: partition, key: keySpan, value: nil, headers: [],
                timestampMilliseconds: timestamp)
            return
        }
        try unsafe producer.produce(
            to: topic, partition: partition, key: keySpan, value: Span<UInt8>(_unsafeBytes: value),
            headers: [],
            timestampMilliseconds: timestamp)
    }

    private mutating func drainWaiting() throws(KafkaError) {
        while sentCount < waiting.count {
            do throws(KafkaError) {
                try send(waiting[sentCount])
            } catch {
                // Of an event nothing may be left out.
                guard error.isRecordTooLarge, waiting[sentCount].target == .deadLetters,
                    waiting[sentCount].value != nil
                else { throw error }
                waiting[sentCount] = waiting[sentCount].withoutValue
                continue
            }
            sentCount += 1
        }
        sentCount = 0
        waiting.removeAll(keepingCapacity: true)
    }

    private borrowing func send(_ record: OutboundRecord) throws(KafkaError) {
        switch record.target {
        case .summaries:
            // One partition, because one trainer reads all summaries.
            try producer.produce(record, to: summaries, partition: 0)
        case .deadLetters: try producer.produce(record, to: deadLetters, partition: nil)
        case .events(let partition): try producer.produce(record, to: eventsTopic, partition: partition)
        }
    }
}

extension LaneProducer where Self: ~Copyable {
    /// Queues a record that owns its bytes.
    func produce(
        _ record: OutboundRecord, to topic: KafkaTopicHandle, partition: Int32?
    ) throws(KafkaError) {
        let timestamp = record.timestampMilliseconds
        switch (record.key, record.value) {
        case (let key?, let value?):
            try produce(
                to: topic, partition: partition, key: key.span, value: value.span, headers: record.headers,
                timestampMilliseconds: timestamp)
        case (let key?, nil):
            try produce(
                to: topic, partition: partition, key: key.span, value: nil, headers: record.headers,
                timestampMilliseconds: timestamp)
        case (nil, let value?):
            try produce(
                to: topic, partition: partition, key: nil, value: value.span, headers: record.headers,
                timestampMilliseconds: timestamp)
        case (nil, nil):
            try produce(
                to: topic, partition: partition, key: nil, value: nil, headers: record.headers,
                timestampMilliseconds: timestamp)
        }
    }
}
