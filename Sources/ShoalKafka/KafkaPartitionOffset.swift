/// A place in a partition: the offset of the next record to read.
package struct KafkaPartitionOffset: Hashable, Sendable, CustomStringConvertible {
    package let partition: KafkaTopicPartition
    package let offset: Int64

    /// The first record the partition still holds (librdkafka's `RD_KAFKA_OFFSET_BEGINNING`).
    package static let beginning: Int64 = -2
    /// After the last record (`RD_KAFKA_OFFSET_END`).
    package static let end: Int64 = -1
    /// Where the group committed (`RD_KAFKA_OFFSET_STORED`), or what `auto.offset.reset` says.
    package static let stored: Int64 = -1000

    /// A place in a partition.
    ///
    /// - Parameters:
    ///   - partition: Where.
    ///   - offset: When committing, the last processed offset + 1; when assigning, also one of
    ///     `beginning`, `end` and `stored`.
    package init(_ partition: KafkaTopicPartition, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }

    package var description: String { "\(partition)@\(offset)" }
}
