import ShoalKafka

/// A consumed record, copied.
struct TopicRecord: Equatable {
    let partition: Int32
    let timestampMilliseconds: Int64?
    let key: [UInt8]?
    let value: [UInt8]?
    let headers: [KafkaHeader]

    init(_ record: borrowing KafkaRecord) throws {
        partition = record.partition
        timestampMilliseconds = record.timestampMilliseconds
        key = Self.copy(record.key)
        value = Self.copy(record.value)
        headers = try record.headers()
    }

    private static func copy(_ span: Span<UInt8>?) -> [UInt8]? {
        guard let span else { return nil }
        return span.indices.map { span[$0] }
    }
}
