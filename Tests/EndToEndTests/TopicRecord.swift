internal import ShoalKafka

/// A record of a topic, copied; a test reads and writes topics with these.
struct TopicRecord: Sendable {
    var partition: Int32 = 0
    var offset: Int64 = 0
    var key: String
    /// `nil` is a tombstone.
    var bytes: [UInt8]?
    var timestampMilliseconds: Int64?
    var headers: [KafkaHeader] = []

    init(key: String, bytes: [UInt8]?, headers: [KafkaHeader] = []) {
        self.key = key
        self.bytes = bytes
        self.headers = headers
    }

    init(key: String, value: String?, headers: [KafkaHeader] = []) {
        self.init(key: key, bytes: value.map { Array($0.utf8) }, headers: headers)
    }

    /// The value as text.
    var value: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The text of a header, or `nil` if there is none of that name.
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Where the record lay that a dead letter holds: its partition and offset.
    var origin: [String?] { [header("shoal.partition"), header("shoal.offset")] }

    /// Writes records to a topic and waits until the broker has them.
    static func write(_ records: [TopicRecord], to topic: String, at bootstrap: String) throws {
        let producer = try KafkaProducer(properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
        let handle = try producer.topic(topic)
        for record in records {
            try producer.produce(
                to: handle, key: Array(record.key.utf8).span, value: record.bytes?.span,
                headers: record.headers,
                timestampMilliseconds: record.timestampMilliseconds)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        producer.close()
    }

    /// Reads a topic from its start until `count` records are there, or about `seconds` have passed.
    ///
    /// - Returns: what was read, in order within each partition.
    /// - Throws: when the broker refuses.
    static func read(
        _ count: Int, from topic: String, partitions: Int32 = 1, at bootstrap: String,
        within seconds: Int = 30
    ) throws -> [TopicRecord] {
        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
        try consumer.assign(
            (0..<partitions).map {
                KafkaPartitionOffset(
                    KafkaTopicPartition(topic: topic, partition: $0), offset: KafkaPartitionOffset.beginning)
            })
        var records: [TopicRecord] = []
        // Each poll waits for a tenth of a second at most.
        for _ in 0..<seconds * 10 where records.count < count {
            _ = try consumer.poll(limit: 1_000, timeoutMilliseconds: 100) { (record: borrowing KafkaRecord) in
                records.append(try TopicRecord(record))
            }
        }
        consumer.close()
        return records
    }

    /// Copies a lent record.
    private init(_ record: borrowing KafkaRecord) throws {
        let key = Self.copy(record.key) ?? []
        self.init(
            key: String(decoding: key, as: UTF8.self), bytes: Self.copy(record.value),
            headers: try record.headers())
        partition = record.partition
        offset = record.offset
        timestampMilliseconds = record.timestampMilliseconds
    }

    private static func copy(_ bytes: Span<UInt8>?) -> [UInt8]? {
        guard let bytes else { return nil }
        return bytes.indices.map { bytes[$0] }
    }
}
