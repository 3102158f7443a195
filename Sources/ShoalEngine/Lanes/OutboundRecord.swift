internal import ShoalCore
internal import ShoalKafka

/// A record of its own bytes that waits for room in the producer's queue.
struct OutboundRecord {
    enum Target { case deadLetters, summaries }

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
