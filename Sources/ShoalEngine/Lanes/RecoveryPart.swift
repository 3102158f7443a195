internal import ShoalKafka

/// A partition to read, up to and without `end`.
struct RecoveryPart {
    let partition: KafkaTopicPartition
    let start: Int64
    let end: Int64
}
