internal import ShoalCore
internal import ShoalKafka

/// A record of its own bytes that waits for room in the producer's queue.
struct OutboundRecord {
    enum Target: Equatable {
        case deadLetters, summaries
        /// The topic that lanes read, on this partition.
        case events(partition: Int32)
    }

    let target: Target
    let key: [UInt8]?
    let value: [UInt8]?
    let headers: [KafkaHeader]
    let timestampMilliseconds: Int64?

    static func summary(_ summary: BatchSummary) -> OutboundRecord {
        OutboundRecord(
            target: .summaries, key: nil, value: summary.encoded(), headers: [], timestampMilliseconds: nil)
    }

    /// A record that could not be used: key, value and headers as they were, and why.
    static func deadLetter(
        _ record: borrowing KafkaRecord, topic: String, rejection: EventRejection
    ) -> OutboundRecord {
        // Headers that cannot be read are the least of this record's troubles.
        var headers = (try? record.headers()) ?? []
        headers.append(KafkaHeader(name: "shoal.reason", value: "\(rejection.reason.word)"))
        headers.append(KafkaHeader(name: "shoal.detail", value: rejection.detail))
        headers.append(KafkaHeader(name: "shoal.topic", value: topic))
        headers.append(KafkaHeader(name: "shoal.partition", value: "\(record.partition)"))
        headers.append(KafkaHeader(name: "shoal.offset", value: "\(record.offset)"))
        return OutboundRecord(
            target: .deadLetters, key: copy(record.key), value: copy(record.value), headers: headers,
            timestampMilliseconds: record.timestampMilliseconds)
    }

    /// A record as it was, with the customer as its key.
    ///
    /// - Parameters:
    ///   - record: of a source that is not keyed by customer.
    ///   - customer: its id.
    ///   - mark: the header that names the source; one of that name that the record had is no longer there.
    ///   - partition: where the customer's events are.
    /// - Returns: the record for the topic that lanes read.
    static func routed(
        _ record: borrowing KafkaRecord, customer: [UInt8], mark: KafkaHeader, partition: Int32
    ) -> OutboundRecord {
        // Headers that cannot be read are nothing that an event needs.
        var headers = (try? record.headers()) ?? []
        headers.removeAll { $0.name == mark.name }
        headers.append(mark)
        return OutboundRecord(
            target: .events(partition: partition), key: customer, value: copy(record.value),
            headers: headers, timestampMilliseconds: record.timestampMilliseconds)
    }

    /// The same record without its value, which is too large for the topic.
    var withoutValue: OutboundRecord {
        let note = KafkaHeader(
            name: "shoal.value", value: "left out: \(value?.count ?? 0) bytes are too many")
        return OutboundRecord(
            target: target, key: key, value: nil, headers: headers + [note],
            timestampMilliseconds: timestampMilliseconds)
    }

    private static func copy(_ span: Span<UInt8>?) -> [UInt8]? {
        guard let span else { return nil }
        // Safe: the bytes are copied before the span's owner can free them.
        return unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
