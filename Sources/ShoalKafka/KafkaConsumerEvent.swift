/// What `KafkaConsumer.poll` reports besides records.
package enum KafkaConsumerEvent: Sendable, Equatable {
    /// Partitions came to this member. Answer with `assign(_:)`, from where to read, before polling on; a
    /// poll without an answer reads each from its committed offset.
    case assigned([KafkaTopicPartition])
    /// Partitions are to be given up and are still ours: finish, commit, then answer with `unassign()`. A
    /// poll without an answer gives them up. After the answer they must never be committed.
    case revoked([KafkaTopicPartition])
    /// Partitions are no longer ours and may already have a new owner: drop the work, never commit, and
    /// answer with `unassign()`.
    case lost([KafkaTopicPartition])
    /// `offset` is the next record's; only with `enable.partition.eof=true`.
    case endOfPartition(KafkaPartitionOffset)
    /// An asynchronous commit failed.
    case commitFailed(KafkaError)
    /// The consumer met an error; unless it is fatal it goes on by itself.
    case failed(KafkaError)
}

/// What one call of `KafkaConsumer.poll` did.
package struct KafkaPollResult: Sendable {
    package let recordCount: Int
    /// Whether it stopped at the limit, so that more records are probably there.
    package var isFull = false
    /// Happened after those records; more may follow, so poll on.
    package let event: KafkaConsumerEvent?
}
