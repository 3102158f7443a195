internal import CRdKafka

/// Owns one of librdkafka's partition lists for the length of a call.
@safe struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ offsets: some Collection<KafkaPartitionOffset>) {
        unsafe pointer = rd_kafka_topic_partition_list_new(Int32(clamping: offsets.count))
        for offset in offsets {
            let added = unsafe rd_kafka_topic_partition_list_add(
                pointer, offset.partition.topic, offset.partition.partition)
            unsafe added?.pointee.offset = offset.offset
        }
    }

    init(_ partitions: some Collection<KafkaTopicPartition>) {
        self.init(partitions.map { KafkaPartitionOffset($0, offset: KafkaPartitionOffset.stored) })
    }

    init(topics: [String]) {
        // -1 is RD_KAFKA_PARTITION_UA, "no partition in particular", as subscriptions want it.
        self.init(topics.map { KafkaTopicPartition(topic: $0, partition: -1) })
    }

    // Safe: this value is the list's only owner, and no call keeps the list.
    deinit { unsafe rd_kafka_topic_partition_list_destroy(pointer) }

    /// What a call wrote into the list: each partition's offset and error.
    var entries: [(offset: KafkaPartitionOffset, error: rd_kafka_resp_err_t)] {
        unsafe Self.entries(of: pointer)
    }

    static func entries(
        of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
    ) -> [(offset: KafkaPartitionOffset, error: rd_kafka_resp_err_t)] {
        // Safe: the list holds `cnt` elements and is not changed while they are copied.
        unsafe UnsafeBufferPointer(start: list.pointee.elems, count: Int(list.pointee.cnt)).map { element in
            let partition = unsafe KafkaTopicPartition(
                topic: text(element.topic) ?? "", partition: element.partition)
            return unsafe (KafkaPartitionOffset(partition, offset: element.offset), element.err)
        }
    }
}
