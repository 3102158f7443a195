internal import CRdKafka

extension KafkaConsumer {
    /// Commits offsets and waits for the broker's answer.
    ///
    /// - Parameter offsets: Per partition the last processed offset + 1; an empty list does nothing.
    /// - Throws: When the broker refuses, also for one partition; after a lost assignment it always does.
    package func commit(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets)
        try unsafe KafkaError.check(
            rd_kafka_commit(client.handle, list.pointer, 0), handle: client.handle, place: "commit offsets")
        for entry in list.entries where entry.error != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(entry.error, place: "commit \(entry.offset)")
        }
        context.sawAnswer()
    }

    /// Commits offsets without waiting; a refusal comes as a `commitFailed` event of `poll`.
    package func commitWithoutWaiting(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let list = PartitionList(offsets)
        try unsafe KafkaError.check(
            rd_kafka_commit(client.handle, list.pointer, 1), handle: client.handle, place: "commit offsets")
    }

    /// The group's committed offsets; partitions without one are left out.
    ///
    /// Blocks.
    package func committed(
        _ partitions: [KafkaTopicPartition], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let list = PartitionList(partitions)
        try unsafe KafkaError.check(
            rd_kafka_committed(client.handle, list.pointer, timeoutMilliseconds), handle: client.handle,
            place: "fetch committed offsets")
        var found: [KafkaTopicPartition: Int64] = [:]
        for entry in list.entries {
            guard entry.error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                throw KafkaError(
                    entry.error, place: "fetch the committed offset of \(entry.offset.partition)")
            }
            if entry.offset.offset >= 0 { found[entry.offset.partition] = entry.offset.offset }
        }
        return found
    }

    /// The offsets the partition holds now, first ..< next, as the broker says.
    ///
    /// Blocks.
    package func watermarks(
        _ partition: KafkaTopicPartition, timeoutMilliseconds: Int32
    ) throws(KafkaError) -> Range<Int64> {
        var low: Int64 = 0
        var high: Int64 = 0
        try unsafe KafkaError.check(
            rd_kafka_query_watermark_offsets(
                client.handle, partition.topic, partition.partition, &low, &high, timeoutMilliseconds),
            handle: client.handle, place: "ask for the offsets of \(partition)")
        return low..<max(low, high)
    }

    /// The offsets the partition held at its last fetch, without asking the broker; `nil` before the
    /// first fetch.
    package func cachedWatermarks(_ partition: KafkaTopicPartition) -> Range<Int64>? {
        var low: Int64 = 0
        var high: Int64 = 0
        let outcome = unsafe rd_kafka_get_watermark_offsets(
            client.handle, partition.topic, partition.partition, &low, &high)
        // Both are negative (RD_KAFKA_OFFSET_INVALID) until the broker has said them.
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 else { return nil }
        return max(0, low)..<max(0, low, high)
    }

    /// First offset at or after a time, per partition; `KafkaPartitionOffset.end` where there is none.
    ///
    /// Blocks.
    package func offsets(
        atTimestampMilliseconds timestamp: Int64, in partitions: [KafkaTopicPartition],
        timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [KafkaPartitionOffset] {
        let list = PartitionList(partitions.map { KafkaPartitionOffset($0, offset: timestamp) })
        try unsafe KafkaError.check(
            rd_kafka_offsets_for_times(client.handle, list.pointer, timeoutMilliseconds),
            handle: client.handle, place: "look up offsets by time")
        return list.entries.map(\.offset)
    }

    /// Reads on from other offsets of assigned partitions; records fetched before are dropped.
    ///
    /// Blocks.
    package func seek(_ offsets: [KafkaPartitionOffset], timeoutMilliseconds: Int32) throws(KafkaError) {
        batch.forget()
        let list = PartitionList(offsets)
        if let error = unsafe KafkaError(
            consuming: rd_kafka_seek_partitions(client.handle, list.pointer, timeoutMilliseconds),
            place: "seek")
        {
            throw error
        }
        for entry in list.entries where entry.error != RD_KAFKA_RESP_ERR_NO_ERROR {
            throw KafkaError(entry.error, place: "seek to \(entry.offset)")
        }
    }

    /// Stops delivering these partitions' records until `resume`; keep polling meanwhile.
    package func pause(_ partitions: [KafkaTopicPartition]) throws(KafkaError) {
        let list = PartitionList(partitions)
        try unsafe KafkaError.check(
            rd_kafka_pause_partitions(client.handle, list.pointer), handle: client.handle, place: "pause")
    }

    /// Delivers these partitions' records again.
    package func resume(_ partitions: [KafkaTopicPartition]) throws(KafkaError) {
        let list = PartitionList(partitions)
        try unsafe KafkaError.check(
            rd_kafka_resume_partitions(client.handle, list.pointer), handle: client.handle, place: "resume")
    }

    /// Partition counts of topics that exist, by name; the others are left out.
    ///
    /// Blocks.
    package func partitionCounts(
        _ topics: [String], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [String: Int32] {
        try client.partitionCounts(topics, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// This member's standing in the group now; `nil` for a reader without a group.
    ///
    /// Take it afresh for every transaction.
    package func groupMetadata() -> KafkaGroupMetadata? {
        guard let pointer = unsafe rd_kafka_consumer_group_metadata(client.handle) else { return nil }
        return unsafe KafkaGroupMetadata(consuming: pointer)
    }
}
