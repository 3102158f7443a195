internal import CRdKafka

/// What a consumer's callbacks leave for the next return from poll.
final class ConsumerContext: KafkaClientContext {
    /// The answer librdkafka is waiting for after a rebalance.
    enum Awaiting { case assign([KafkaTopicPartition]), unassign }

    var events: [KafkaConsumerEvent] = []
    var awaiting: Awaiting?

    override func install(in configuration: OpaquePointer) {
        unsafe super.install(in: configuration)
        unsafe rd_kafka_conf_set_rebalance_cb(configuration) { client, code, partitions, opaque in
            guard let client = unsafe client, let context = unsafe ConsumerContext.of(opaque) else { return }
            let list = unsafe partitions.map { unsafe PartitionList.entries(of: $0).map(\.offset.partition) }
            unsafe context.rebalance(code, list ?? [], client: client)
        }
        unsafe rd_kafka_conf_set_offset_commit_cb(configuration) { _, code, _, opaque in
            guard let context = unsafe ConsumerContext.of(opaque) else { return }
            // NO_OFFSET: a commit of an empty list, which is nothing to report.
            if code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET {
                context.events.append(.commitFailed(KafkaError(code, place: "commit offsets")))
            }
        }
    }

    private func rebalance(
        _ code: rd_kafka_resp_err_t, _ partitions: [KafkaTopicPartition], client: OpaquePointer
    ) {
        if isClosing {
            // The owner has committed what it wanted; librdkafka only waits for this answer.
            unsafe rd_kafka_assign(client, nil)
            return
        }
        switch code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            awaiting = .assign(partitions)
            events.append(.assigned(partitions))
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            awaiting = .unassign
            let isLost = unsafe rd_kafka_assignment_lost(client) != 0
            events.append(isLost ? .lost(partitions) : .revoked(partitions))
        default:
            awaiting = .unassign
            events.append(.failed(KafkaError(code, place: "join the consumer group")))
            events.append(.lost(partitions))
        }
        // Makes the running poll return now, so that the answer is given outside librdkafka's callback.
        unsafe rd_kafka_yield(client)
    }
}
