internal import CRdKafka

/// A consumer's membership in its group at one moment, which a transactional producer sends along
/// with offsets so that the broker refuses those of a former member (KIP-447).
@safe package struct KafkaGroupMetadata: ~Copyable {
    let pointer: OpaquePointer

    // Safe: librdkafka hands out a copy, and this value is its only owner.
    deinit { unsafe rd_kafka_consumer_group_metadata_destroy(pointer) }
}
