internal import CRdKafka

/// Writes records; used by one thread.
///
/// `produce` copies into librdkafka's queue and returns; delivery is known after `flush`. A full queue is
/// back pressure: `produce` serves the client and waits, up to a bound.
package struct KafkaProducer: ~Copyable {
    let client: KafkaClient
    let context: ProducerContext
    private let topics: ProducerTopics
    private let queueFullWaitMillisecondsMax: Int
    private let waits: Counter

    private final class Counter { var value = 0 }

    /// Properties used unless others are given.
    ///
    /// The partitioner places keys as Java's default does. Idempotence keeps a partition's order and
    /// writes a retried record once.
    package static let defaultProperties: KafkaProperties = [
        "enable.idempotence": "true",
        "partitioner": "murmur2_random",
        "linger.ms": "5",
        "compression.type": "lz4",
        "socket.timeout.ms": "5000",
        "socket.keepalive.enable": "true",
        "statistics.interval.ms": "1000",
        "log.connection.close": "false",
    ]

    /// Starts a producer; no broker is needed yet.
    ///
    /// - Parameters:
    ///   - properties: librdkafka's, with `bootstrap.servers`.
    ///   - queueFullWaitMillisecondsMax: How long one `produce` waits for room before it throws.
    ///   - events: Told of the brokers' health and of log lines; see `KafkaClientEvent`.
    /// - Throws: When a property is refused; the error names it.
    package init(
        properties: KafkaProperties, queueFullWaitMillisecondsMax: Int = 60_000,
        events: @escaping KafkaEventSink
    ) throws(KafkaError) {
        var properties = properties
        properties.setDefaults(Self.defaultProperties)
        properties.setKnownDefaults(KafkaClient.knownDefaults)
        let context = ProducerContext(sink: events)
        let client = try KafkaClient(RD_KAFKA_PRODUCER, properties: properties, context: context)
        self.context = context
        self.client = client
        waits = Counter()
        topics = ProducerTopics(client: client)
        self.queueFullWaitMillisecondsMax = queueFullWaitMillisecondsMax
    }

    /// Frees the client and drops what is still queued; `flush` first.
    package consuming func close() {
        unsafe rd_kafka_purge(client.handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
        topics.release()
        client.close(isConsumer: false)
    }

    /// A handle to produce to `name` with; asks no broker, and returns the same handle for the same name.
    ///
    /// - Throws: When `name` is not a topic name.
    package func topic(_ name: String) throws(KafkaError) -> KafkaTopicHandle {
        KafkaTopicHandle(index: try topics.add(name))
    }

    /// Records accepted by `produce` and not yet reported delivered or failed.
    package var outstandingCount: Int { Int(unsafe rd_kafka_outq_len(client.handle)) }
    /// Records the broker has acknowledged, as far as reports have been served.
    package var deliveredCount: Int { context.deliveredCount }
    /// Records given up, as far as reports have been served.
    package var failedCount: Int { context.failedCount }
    /// How often `produce` found the queue full and waited.
    package var queueFullCount: Int { waits.value }

    /// Queues a record, copying its bytes.
    ///
    /// - Parameters:
    ///   - topic: From `topic(_:)` of this producer.
    ///   - partition: `nil` places by key, or at random without a key.
    ///   - key: `nil` is a null key.
    ///   - value: `nil` is a tombstone.
    /// - Throws: Queue full for longer than the bound (`isQueueFull`), too large (`isRecordTooLarge`), no
    ///   such partition (`isUnknownTopic`), or a fatal state.
    package func produce(
        to topic: KafkaTopicHandle, partition: Int32? = nil, key: Span<UInt8>?, value: Span<UInt8>?
    ) throws(KafkaError) {
        let target = unsafe topics.pointer(topic)
        let placement = partition ?? Self.unassigned
        try enqueue(place: topics.name(topic)) {
            unsafe Self.withBytes(key) { key in
                unsafe Self.withBytes(value) { unsafe produce(target, placement, key: key, value: $0) }
            }
        }
    }

    /// Queues a record, copying its bytes before it returns; a `nil` value is a tombstone.
    ///
    /// - Parameters:
    ///   - topic: From `topic(_:)` of this producer.
    ///   - partition: `nil` places by key.
    ///   - key: Not null, though it may be empty.
    ///   - value: Empty with a null address counts as a tombstone too.
    /// - Throws: As `produce(to:partition:key:value:)`.
    package func produce(
        to topic: KafkaTopicHandle, partition: Int32?, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer?
    ) throws(KafkaError) {
        let target = unsafe topics.pointer(topic)
        let placement = partition ?? Self.unassigned
        let value = unsafe value ?? UnsafeRawBufferPointer(start: nil, count: 0)
        try enqueue(place: topics.name(topic)) {
            unsafe produce(target, placement, key: key, value: value)
        }
    }

    /// Queues a record with headers or a time of its own, copying its bytes; dearer than without.
    ///
    /// - Parameters:
    ///   - topic: From `topic(_:)` of this producer.
    ///   - partition: `nil` places by key, or at random without a key.
    ///   - key: `nil` is a null key.
    ///   - value: `nil` is a tombstone.
    ///   - headers: Kept in their order.
    ///   - timestampMilliseconds: Epoch milliseconds; `nil` is now.
    /// - Throws: As `produce(to:partition:key:value:)`.
    package func produce(
        to topic: KafkaTopicHandle, partition: Int32? = nil, key: Span<UInt8>?, value: Span<UInt8>?,
        headers: [KafkaHeader], timestampMilliseconds: Int64? = nil
    ) throws(KafkaError) {
        let target = unsafe topics.pointer(topic)
        let placement = partition ?? Self.unassigned
        try enqueue(place: topics.name(topic)) {
            unsafe Self.withBytes(key) { key in
                unsafe Self.withBytes(value) { value in
                    unsafe produce(
                        target, placement, key: key, value: value, headers: headers,
                        timestampMilliseconds: timestampMilliseconds)
                }
            }
        }
    }

    /// Serves delivery reports and events; call it now and then when nothing else is produced.
    package func poll(timeoutMilliseconds: Int32 = 0) {
        unsafe rd_kafka_poll(client.handle, timeoutMilliseconds)
    }

    /// Waits until everything queued is delivered or given up.
    ///
    /// - Throws: When time runs out (`isTimeout`; call again to go on waiting), or the first delivery
    ///   failure since the last flush: then at least one record is not in Kafka.
    package func flush(timeoutMilliseconds: Int32) throws(KafkaError) {
        let outcome = unsafe rd_kafka_flush(client.handle, timeoutMilliseconds)
        try throwDeliveryFailure()
        try unsafe KafkaError.check(
            outcome, handle: client.handle, place: "flush \(outstandingCount) records")
    }

    /// Marks how far the records go that are waited for next.
    ///
    /// - Precondition: the mark before is reached.
    package func mark() {
        precondition(hasReachedMark, "One mark at a time.")
        context.group ^= 1
    }

    /// Whether everything produced before the last mark is delivered or given up, as far as reports have been
    /// served; `throwDeliveryFailure` tells which.
    package var hasReachedMark: Bool { context.outstanding[context.group ^ 1] == 0 }

    /// Throws and forgets the first delivery failure since it was last asked for.
    package func throwDeliveryFailure() throws(KafkaError) {
        guard let failure = context.firstFailure else { return }
        context.firstFailure = nil
        throw failure
    }
}

extension KafkaProducer {
    /// `RD_KAFKA_PARTITION_UA`: the partitioner decides.
    private static let unassigned: Int32 = -1
    private static let queueFullPollMilliseconds: Int32 = 10

    /// Lends a span's bytes; `nil` becomes a null pointer, and an empty span a pointer that is not null,
    /// because librdkafka tells null from empty by the pointer.
    private static func withBytes<Result>(
        _ span: Span<UInt8>?, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard let span else { return unsafe body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return unsafe span.withUnsafeBytes { bytes in
            if unsafe bytes.baseAddress != nil { return unsafe body(bytes) }
            return unsafe withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { spare in
                unsafe body(UnsafeRawBufferPointer(start: spare.baseAddress, count: 0))
            }
        }
    }

    /// Repeats `attempt` while the queue is full, serving the client in between, up to the bound.
    @inline(__always) private func enqueue(
        place: @autoclosure () -> String, _ attempt: () -> rd_kafka_resp_err_t
    ) throws(KafkaError) {
        let outcome = attempt()
        if outcome != RD_KAFKA_RESP_ERR_NO_ERROR {
            try retry(after: outcome, place: "produce to `\(place())`", attempt)
        }
        context.outstanding[context.group] += 1
    }

    /// What a record's report will tell its group by.
    private var opaque: UnsafeMutableRawPointer? { unsafe UnsafeMutableRawPointer(bitPattern: context.group) }

    private func retry(
        after first: rd_kafka_resp_err_t, place: String, _ attempt: () -> rd_kafka_resp_err_t
    ) throws(KafkaError) {
        var outcome = first
        var attemptsLeft = queueFullWaitMillisecondsMax / Int(Self.queueFullPollMilliseconds)
        if outcome == RD_KAFKA_RESP_ERR__QUEUE_FULL { waits.value += 1 }
        while outcome == RD_KAFKA_RESP_ERR__QUEUE_FULL, attemptsLeft > 0 {
            // The poll returns at once when it had reports to serve, so only an idle poll costs a turn.
            if unsafe rd_kafka_poll(client.handle, Self.queueFullPollMilliseconds) == 0 { attemptsLeft -= 1 }
            outcome = attempt()
        }
        if outcome == RD_KAFKA_RESP_ERR__STATE {
            // The transaction is lost, and a record that was refused before says why.
            poll()
            if let failure = context.firstFailure, failure.isFenced { throw failure }
        }
        try unsafe KafkaError.check(outcome, handle: client.handle, place: place)
    }

    private func produce(
        _ target: OpaquePointer, _ partition: Int32, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer
    ) -> rd_kafka_resp_err_t {
        // Safe: with the copy flag librdkafka copies both and keeps neither pointer; its payload parameter
        // is not const only for the flags that hand memory over.
        let outcome = unsafe rd_kafka_produce(
            target, partition, RD_KAFKA_MSG_F_COPY, UnsafeMutableRawPointer(mutating: value.baseAddress),
            value.count, key.baseAddress, key.count, opaque)
        return outcome == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error()
    }

    private func produce(
        _ target: OpaquePointer, _ partition: Int32, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer,
        headers: [KafkaHeader], timestampMilliseconds: Int64?
    ) -> rd_kafka_resp_err_t {
        var list: OpaquePointer?
        // Until a produce succeeds the list is ours; after that it is the record's.
        var isOwned = true
        defer { if isOwned, let list = unsafe list { unsafe rd_kafka_headers_destroy(list) } }
        if !headers.isEmpty {
            unsafe list = rd_kafka_headers_new(headers.count)
            guard let list = unsafe list else { return RD_KAFKA_RESP_ERR__FAIL }
            let outcome = unsafe Self.add(headers, to: list)
            guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else { return outcome }
        }
        let error = unsafe withUnsafeTemporaryAllocation(of: rd_kafka_vu_t.self, capacity: 8) { arguments in
            unsafe arguments.initialize(repeating: rd_kafka_vu_t())
            unsafe arguments[0].vtype = RD_KAFKA_VTYPE_RKT
            unsafe arguments[0].u.rkt = target
            unsafe arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
            unsafe arguments[1].u.i32 = partition
            unsafe arguments[2].vtype = RD_KAFKA_VTYPE_MSGFLAGS
            unsafe arguments[2].u.i = RD_KAFKA_MSG_F_COPY
            unsafe arguments[3].vtype = RD_KAFKA_VTYPE_VALUE
            unsafe arguments[3].u.mem.ptr = UnsafeMutableRawPointer(mutating: value.baseAddress)
            unsafe arguments[3].u.mem.size = value.count
            unsafe arguments[4].vtype = RD_KAFKA_VTYPE_KEY
            unsafe arguments[4].u.mem.ptr = UnsafeMutableRawPointer(mutating: key.baseAddress)
            unsafe arguments[4].u.mem.size = key.count
            unsafe arguments[5].vtype = RD_KAFKA_VTYPE_TIMESTAMP
            unsafe arguments[5].u.i64 = timestampMilliseconds ?? 0  // 0 is "now" to librdkafka.
            unsafe arguments[6].vtype = RD_KAFKA_VTYPE_OPAQUE
            unsafe arguments[6].u.ptr = opaque
            unsafe arguments[7].vtype = RD_KAFKA_VTYPE_HEADERS
            unsafe arguments[7].u.headers = list
            // Safe: all pointers outlive the call, and the copy flag makes librdkafka keep none but the list.
            return unsafe rd_kafka_produceva(
                client.handle, arguments.baseAddress, headers.isEmpty ? 7 : 8)
        }
        guard let error = unsafe error else {
            isOwned = false
            return RD_KAFKA_RESP_ERR_NO_ERROR
        }
        defer { unsafe rd_kafka_error_destroy(error) }
        return unsafe rd_kafka_error_code(error)
    }
    /// Copies headers to a list.
    private static func add(_ headers: [KafkaHeader], to list: OpaquePointer) -> rd_kafka_resp_err_t {
        for header in headers {
            // -1: the name ends with NUL. Both are copied; a null value stays null.
            let outcome =
                if let value = header.value {
                    unsafe value.withUnsafeBytes { bytes in
                        unsafe rd_kafka_header_add(list, header.name, -1, bytes.baseAddress, bytes.count)
                    }
                } else {
                    unsafe rd_kafka_header_add(list, header.name, -1, nil, 0)
                }
            guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else { return outcome }
        }
        return RD_KAFKA_RESP_ERR_NO_ERROR
    }
}
