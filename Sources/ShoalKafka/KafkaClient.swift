internal import CRdKafka

/// Owns one `rd_kafka_t` and its callbacks' context; the structs that wrap it are its only holders.
///
/// Not `Sendable`: a client belongs to the thread that polls it.
@safe final class KafkaClient {
    let handle: OpaquePointer
    private let context: KafkaClientContext
    private var isClosed = false

    /// Properties of every client where the linked librdkafka knows them.
    ///
    /// Since 2.11 a client whose connections all end at once drops every broker it knows and starts from
    /// `bootstrap.servers` again, and what it was sending then waits for a coordinator that is gone: seen
    /// with 2.16 as a transaction that never ends. Without that it reconnects as it always did.
    static let knownDefaults: KafkaProperties = ["metadata.recovery.strategy": "none"]

    /// - Throws: When librdkafka refuses a property or cannot start its threads.
    init(
        _ kind: rd_kafka_type_t, properties: KafkaProperties, context: KafkaClientContext
    ) throws(KafkaError) {
        let configuration = try unsafe properties.makeConfiguration()
        // Safe: the client holds the context for longer than the handle lives.
        unsafe rd_kafka_conf_set_opaque(configuration, Unmanaged.passUnretained(context).toOpaque())
        unsafe context.install(in: configuration)
        let (created, reason) = unsafe withErrorText { buffer, capacity in
            unsafe rd_kafka_new(kind, configuration, buffer, capacity)
        }
        guard let created = unsafe created else {
            unsafe rd_kafka_conf_destroy(configuration)
            throw KafkaError(rd_kafka_last_error(), place: "start a Kafka client", what: reason)
        }
        unsafe handle = created
        self.context = context
    }

    /// Closes a consumer's membership, if `isConsumer`, and frees the handle.
    ///
    /// Blocks on the broker.
    func close(isConsumer: Bool) {
        guard !isClosed else { return }
        isClosed = true
        context.isClosing = true
        if isConsumer { unsafe rd_kafka_consumer_close(handle) }
        unsafe rd_kafka_destroy(handle)
    }

    deinit {
        guard !isClosed else { return }
        context.isClosing = true
        unsafe rd_kafka_destroy(handle)
    }
}
