internal import CRdKafka

/// A failure of the client or the broker, saying what failed, where, and what to do about it.
///
/// `code` is librdkafka's `rd_kafka_resp_err_t`: negative for the client's own errors, positive for
/// the broker's, the same in every version. Classify in this order: `isFatal` ends the service,
/// `requiresAbort` aborts the transaction, `isRetriable` repeats the same call after a pause, and
/// anything else ends the service.
package struct KafkaError: Error, Equatable, Sendable {
    package let code: Int32
    /// The code's name as librdkafka prints it, such as `_TRANSPORT` or `UNKNOWN_TOPIC_OR_PART`.
    package let name: String
    package let what: String
    /// The operation and what it worked on, such as `commit offsets`.
    package let place: String
    package let advice: String
    /// The property at fault, when the error is about one.
    package let property: String?
    package let isFatal: Bool
    package let isRetriable: Bool
    package let requiresAbort: Bool
}

extension KafkaError: CustomStringConvertible {
    /// One line for an operator: where, what, the code's name, what to do.
    package var description: String { "\(place): \(what) (\(name)); \(advice)" }
}

extension KafkaError {
    /// True when the time given to a call ran out.
    package var isTimeout: Bool {
        code == RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue || code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT.rawValue
    }

    /// True when the producer's queue stayed full for as long as the caller was ready to wait.
    package var isQueueFull: Bool { code == RD_KAFKA_RESP_ERR__QUEUE_FULL.rawValue }

    /// True when the record is larger than the client or the broker takes.
    package var isRecordTooLarge: Bool { code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE.rawValue }

    /// True when the offset to read from no longer exists, or never did, on the broker.
    package var isOffsetOutOfRange: Bool {
        code == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET.rawValue
            || code == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE.rawValue
    }

    /// True when the topic or partition does not exist.
    package var isUnknownTopic: Bool {
        code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue
            || code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC.rawValue
            || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue
    }

    /// True when the group has moved on: the partitions have, or may have, another owner by now.
    package var isMembershipStale: Bool {
        code == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION.rawValue
            || code == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID.rawValue
            || code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS.rawValue
            || code == RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST.rawValue
    }

    /// True when another producer of the same `transactional.id` has taken over.
    package var isFenced: Bool {
        code == RD_KAFKA_RESP_ERR__FENCED.rawValue
            || code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH.rawValue
            || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED.rawValue
    }

    /// True when no broker can be reached.
    package var isBrokerAway: Bool {
        code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue
            || code == RD_KAFKA_RESP_ERR__TRANSPORT.rawValue
            || code == RD_KAFKA_RESP_ERR__RESOLVE.rawValue
    }

    /// True when the broker or the client library does not know the request.
    package var isUnsupported: Bool {
        code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE.rawValue
            || code == RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION.rawValue
    }
}

extension KafkaError {
    init(
        _ code: rd_kafka_resp_err_t, place: String, what: String? = nil, advice: String? = nil,
        property: String? = nil, isFatal: Bool = false, isRetriable: Bool? = nil, requiresAbort: Bool = false
    ) {
        self.code = code.rawValue
        name = unsafe text(rd_kafka_err2name(code)) ?? "ERROR_\(code.rawValue)"
        self.what = what ?? (unsafe text(rd_kafka_err2str(code))) ?? "unknown error"
        self.place = place
        self.advice = advice ?? Self.advice(for: code)
        self.property = property
        self.isFatal =
            isFatal || code == RD_KAFKA_RESP_ERR__FATAL || code == RD_KAFKA_RESP_ERR__FENCED
            || code == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID
        self.isRetriable = isRetriable ?? Self.retriableCodes.contains(code.rawValue)
        self.requiresAbort = requiresAbort
    }

    /// Takes over and frees an error object of librdkafka; `nil` stands for success.
    init?(consuming error: OpaquePointer?, place: String) {
        guard let error = unsafe error else { return nil }
        defer { unsafe rd_kafka_error_destroy(error) }
        unsafe self.init(
            rd_kafka_error_code(error), place: place, what: text(rd_kafka_error_string(error)),
            isFatal: rd_kafka_error_is_fatal(error) != 0,
            isRetriable: rd_kafka_error_is_retriable(error) != 0,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0)
    }

    /// Throws unless `code` is success; a fatal state of `handle` is told with its underlying cause.
    static func check(
        _ code: rd_kafka_resp_err_t, handle: OpaquePointer, place: @autoclosure () -> String
    ) throws(KafkaError) {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        throw unsafe of(code, handle: handle, place: place())
    }

    static func of(_ code: rd_kafka_resp_err_t, handle: OpaquePointer, place: String) -> KafkaError {
        guard code == RD_KAFKA_RESP_ERR__FATAL else { return KafkaError(code, place: place) }
        let (cause, reason) = unsafe withErrorText { unsafe rd_kafka_fatal_error(handle, $0, $1) }
        return KafkaError(
            cause == RD_KAFKA_RESP_ERR_NO_ERROR ? code : cause, place: place, what: reason, isFatal: true)
    }

    /// Codes after which the same call may simply be repeated; the list is Kafka's own
    /// "retriable" column of the protocol's error table, and the client's transient errors.
    private static let retriableCodes: Set<Int32> = Set(
        [
            RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR__MSG_TIMED_OUT,
            RD_KAFKA_RESP_ERR__QUEUE_FULL, RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR__IN_PROGRESS,
            RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS, RD_KAFKA_RESP_ERR__INTR, RD_KAFKA_RESP_ERR__WAIT_CACHE,
            RD_KAFKA_RESP_ERR__RETRY, RD_KAFKA_RESP_ERR_INVALID_MSG,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
            RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
            RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH,
            RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT, RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS,
        ].map(\.rawValue))

    private static func advice(for code: rd_kafka_resp_err_t) -> String {
        switch code {
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR__TIMED_OUT,
            RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
            "check that the broker runs at bootstrap.servers and that its advertised listener can be "
                + "reached from here"
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
            "check security.protocol, the certificates and the SASL credentials"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            "grant this client's principal the right it lacks"
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            "create the topic, or correct its name or partition"
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            "raise message.max.bytes here and max.message.bytes of the topic"
        case RD_KAFKA_RESP_ERR__QUEUE_FULL:
            "wait for the broker to catch up, or raise queue.buffering.max.messages"
        case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET, RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
            "choose an offset the topic still holds"
        case RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID,
            RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
            "another client uses the same identity; stop one of the two"
        case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
            RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
            "the partitions have gone to another member; drop the work and wait for a new assignment"
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            "poll more often, or raise max.poll.interval.ms"
        case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
            "use a newer broker or a newer librdkafka"
        default: "look the code up in Kafka's error table and read the broker's log"
        }
    }
}
