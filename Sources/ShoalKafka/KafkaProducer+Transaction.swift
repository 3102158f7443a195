internal import CRdKafka

/// The transactional face of a producer that was given a `transactional.id`.
///
/// One thread makes all of these calls: librdkafka refuses concurrent ones. What to do about an error is
/// its `transactionRemedy`.
extension KafkaProducer {
    /// Properties of a transactional producer unless others are given.
    ///
    /// A transaction dies before its consumer's session (30 s) does, so that hung work is aborted before its
    /// partitions move; a request is given up well before that (librdkafka wants 100 ms at least between the
    /// two).
    package static let transactionalProperties: KafkaProperties = [
        "transaction.timeout.ms": "10000",
        "socket.timeout.ms": "5000",
    ]

    /// Fences every earlier producer of the same `transactional.id`, completes or aborts what it left open,
    /// and gets an epoch of its own.
    ///
    /// - Parameter timeoutMilliseconds: how long to block; call again after a retriable error, it resumes.
    /// - Throws: Also when the transactional id is not this client's to use.
    package func initialiseTransactions(timeoutMilliseconds: Int32) throws(KafkaError) {
        try unsafe checkTransaction(
            rd_kafka_init_transactions(client.handle, timeoutMilliseconds), place: "initialise transactions")
    }

    /// Opens a transaction, without asking a broker; what is produced from here on belongs to it.
    package func beginTransaction() throws(KafkaError) {
        try unsafe checkTransaction(
            rd_kafka_begin_transaction(client.handle), place: "begin a transaction")
    }

    /// Makes input offsets part of the transaction, on behalf of a member of their group (KIP-447).
    ///
    /// After a retriable error repeat it with the same offsets and the same membership.
    ///
    /// - Parameters:
    ///   - offsets: per partition the last processed offset + 1; not empty.
    ///   - membership: the consumer's, taken afresh for this transaction.
    ///   - timeoutMilliseconds: how long to block. It must end: without a bound this call waits for ever for
    ///     a group's coordinator whose connection was reset (seen with 2.16).
    /// - Throws: When the group has moved on, the error requires an abort.
    package func sendOffsets(
        _ offsets: [KafkaPartitionOffset], membership: KafkaGroupMetadata, timeoutMilliseconds: Int32
    ) throws(KafkaError) {
        let list = PartitionList(offsets)
        try unsafe checkTransaction(
            rd_kafka_send_offsets_to_transaction(
                client.handle, list.pointer, membership.pointer, timeoutMilliseconds),
            place: "send offsets to the transaction")
    }

    /// Flushes and commits.
    ///
    /// - Parameter timeoutMilliseconds: how long to block; see `abortTransaction`.
    /// - Throws: After a retriable error the outcome is unknown: it may still happen.
    package func commitTransaction(timeoutMilliseconds: Int32) throws(KafkaError) {
        try unsafe checkTransaction(
            rd_kafka_commit_transaction(client.handle, timeoutMilliseconds), place: "commit the transaction")
    }

    /// Drops what is queued and aborts.
    ///
    /// - Parameter timeoutMilliseconds: how long to block; from `transaction.timeout.ms` on, the broker has
    ///   given the transaction up by itself. librdkafka's documentation wants -1 here, "the remaining
    ///   transaction time"; but its code does not bound that (2.0 to 2.16), and after a half-open connection
    ///   the call was seen never to return. What the documentation fears, that its state and the broker's
    ///   differ afterwards, is met by not using the producer again.
    /// - Throws: After a retriable error the outcome is unknown, and the producer must not be used again.
    package func abortTransaction(timeoutMilliseconds: Int32) throws(KafkaError) {
        try unsafe checkTransaction(
            rd_kafka_abort_transaction(client.handle, timeoutMilliseconds), place: "abort the transaction")
    }

    /// How many connections have ended so far, also those given up because a request went unanswered: a
    /// request that was on its way then is sent again, and may arrive twice.
    ///
    /// librdkafka's error callback does not serve for this: it holds back an error that equals the one
    /// before.
    package var closedConnectionCount: Int { context.closedConnectionCount }

    private func checkTransaction(_ error: OpaquePointer?, place: String) throws(KafkaError) {
        // Serves reports and error callbacks that came meanwhile. Failed deliveries are told by the
        // transaction's own outcome, so none is kept for a flush that nobody calls.
        poll()
        let failure = context.firstFailure
        context.firstFailure = nil
        guard let error = unsafe KafkaError(consuming: error, place: place) else { return }
        // An abort may wait in vain for a broker's answer to somebody who was fenced.
        if let failure, failure.isFenced, !error.isFatal { throw failure }
        throw error
    }
}
