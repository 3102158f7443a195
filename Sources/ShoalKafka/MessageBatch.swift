internal import CRdKafka

/// Messages that a consumer has taken from librdkafka and not lent yet.
///
/// Taking many at once saves looks at the clock and bookkeeping for each: a tenth of what reading costs.
@safe final class MessageBatch {
    private static let capacity = 256
    /// Before 2.1 a batch could hold messages from before a seek or a rebalance.
    private static let versionMin: Int32 = 0x0201_00ff

    // Held, so that it outlives the messages.
    private let client: KafkaClient
    /// `nil` where messages must be taken one by one.
    private var queue: OpaquePointer?
    // Owned by this object alone and freed in `deinit`; what lies in `next ..< end` is to be destroyed.
    private let messages: UnsafeMutablePointer<UnsafeMutablePointer<rd_kafka_message_t>?>
    private var next = 0
    private var end = 0

    /// - Parameter client: a consumer.
    init(client: KafkaClient) {
        self.client = client
        unsafe queue =
            rd_kafka_version() >= Self.versionMin ? rd_kafka_queue_get_consumer(client.handle) : nil
        unsafe messages = .allocate(capacity: Self.capacity)
        unsafe messages.initialize(repeating: nil, count: Self.capacity)
    }

    deinit {
        close()
        unsafe messages.deallocate()
    }

    /// The next message, which the caller destroys.
    ///
    /// - Parameters:
    ///   - timeoutMilliseconds: how long to wait for one; 0 if only what is there is wanted.
    ///   - limit: how many more the caller wants at most, at least 1.
    /// - Returns: `nil` if there is none.
    @inline(__always)
    func take(timeoutMilliseconds: Int32, limit: Int) -> UnsafeMutablePointer<rd_kafka_message_t>? {
        if next == end, unsafe queue == nil || timeoutMilliseconds > 0 {
            // A batch would wait until it is full.
            return unsafe rd_kafka_consumer_poll(client.handle, timeoutMilliseconds)
        }
        if next == end, !fill(limit: limit) { return nil }
        defer { next += 1 }
        return unsafe messages[next]
    }

    private func fill(limit: Int) -> Bool {
        let count = unsafe rd_kafka_consume_batch_queue(queue, 0, messages, min(limit, Self.capacity))
        next = 0
        end = max(0, count)
        return count > 0
    }

    /// Drops what has not been lent: it is of an assignment that is no more.
    func forget() {
        while next < end {
            unsafe rd_kafka_message_destroy(messages[next])
            next += 1
        }
    }

    /// Must be called before the client is closed.
    func close() {
        forget()
        if let queue = unsafe queue { unsafe rd_kafka_queue_destroy(queue) }
        unsafe queue = nil
    }
}
