internal import CRdKafka

/// A consumed record, lent: it and its bytes die when the closure that was given it returns.
@safe package struct KafkaRecord: ~Copyable, ~Escapable {
    /// Index into `KafkaConsumer.topics`.
    package let topicIndex: Int
    package let partition: Int32
    package let offset: Int64
    /// Epoch milliseconds; `nil` when the broker has none.
    package let timestampMilliseconds: Int64?
    package let key: Span<UInt8>?
    /// `nil` is a tombstone; an empty value is not `nil`.
    package let value: Span<UInt8>?
    /// Whose headers they are; `nil` for a record that did not come from librdkafka.
    private let message: UnsafeMutablePointer<rd_kafka_message_t>?
    private let ownHeaders: [KafkaHeader]

    /// A record lent from librdkafka's message.
    ///
    /// - Parameters:
    ///   - topicIndex: The consumer's number of the message's topic.
    ///   - message: Outlives the record; the consumer frees it after the closure has returned.
    @_lifetime(borrow message)
    init(topicIndex: Int, message: UnsafeMutablePointer<rd_kafka_message_t>) {
        self.topicIndex = topicIndex
        unsafe partition = message.pointee.partition
        unsafe offset = message.pointee.offset
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = unsafe rd_kafka_message_timestamp(message, &kind)
        timestampMilliseconds = kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || timestamp < 0 ? nil : timestamp
        // Safe: pointer and length describe bytes that the message owns.
        if let bytes = unsafe message.pointee.key {
            let span = unsafe Span(
                _unsafeStart: bytes.assumingMemoryBound(to: UInt8.self), count: message.pointee.key_len)
            key = unsafe _overrideLifetime(span, borrowing: message)
        } else {
            key = nil
        }
        if let bytes = unsafe message.pointee.payload {
            let span = unsafe Span(
                _unsafeStart: bytes.assumingMemoryBound(to: UInt8.self), count: message.pointee.len)
            value = unsafe _overrideLifetime(span, borrowing: message)
        } else {
            value = nil
        }
        unsafe self.message = message
        ownHeaders = []
    }

    /// A record of another origin, lent from its owner's bytes.
    @_lifetime(copy key, copy value)
    package init(
        topicIndex: Int, partition: Int32, offset: Int64, timestampMilliseconds: Int64?,
        headers: [KafkaHeader], key: Span<UInt8>?, value: Span<UInt8>?
    ) {
        self.topicIndex = topicIndex
        self.partition = partition
        self.offset = offset
        self.timestampMilliseconds = timestampMilliseconds
        self.key = key
        self.value = value
        unsafe message = nil
        ownHeaders = headers
    }

    /// A copy of the value of the last header of a name; `nil` if there is none, or it is null.
    package func lastHeader(_ name: String) -> [UInt8]? {
        guard let message = unsafe message else { return ownHeaders.last { $0.name == name }?.value }
        var list: OpaquePointer?
        guard unsafe rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR,
            let list = unsafe list
        else { return nil }
        var bytes: UnsafeRawPointer?
        var count = 0
        guard unsafe rd_kafka_header_get_last(list, name, &bytes, &count) == RD_KAFKA_RESP_ERR_NO_ERROR else {
            return nil
        }
        // Safe: the bytes belong to the message and are copied here.
        return unsafe bytes.map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: count)) }
    }

    /// Copies of the record's headers in their order; parsed on demand, for the rare record.
    ///
    /// - Throws: When the headers' bytes are not well formed.
    package func headers() throws(KafkaError) -> [KafkaHeader] {
        guard let message = unsafe message else { return ownHeaders }
        var list: OpaquePointer?
        let outcome = unsafe rd_kafka_message_headers(message, &list)
        if outcome == RD_KAFKA_RESP_ERR__NOENT { return [] }
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR, let list = unsafe list else {
            throw KafkaError(outcome, place: "read the headers of a record")
        }
        var headers: [KafkaHeader] = []
        var name: UnsafePointer<CChar>?
        var bytes: UnsafeRawPointer?
        var count = 0
        while unsafe rd_kafka_header_get_all(list, headers.count, &name, &bytes, &count)
            == RD_KAFKA_RESP_ERR_NO_ERROR
        {
            // Safe: name and bytes belong to the message and are copied here.
            let value = unsafe bytes.map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: count)) }
            unsafe headers.append(KafkaHeader(name: text(name) ?? "", value: value))
        }
        return headers
    }
}
