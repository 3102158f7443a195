internal import CRdKafka

/// A consumer's membership in its group at one moment, which a transactional producer sends along
/// with offsets so that the broker refuses those of a former member (KIP-447).
@safe package final class KafkaGroupMetadata {
    let pointer: OpaquePointer

    /// Takes over a copy that librdkafka has handed out.
    init(consuming pointer: OpaquePointer) { unsafe self.pointer = pointer }

    // Safe: librdkafka hands out a copy, and this object is its only owner.
    deinit { unsafe rd_kafka_consumer_group_metadata_destroy(pointer) }
}
