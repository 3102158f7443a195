/// What an error of a transactional call asks for.
package enum TransactionRemedy: Equatable, Sendable {
    /// The producer is done for.
    case stop
    /// Nothing of this transaction will be seen: abort it.
    case abort
    /// The same call again, after a pause.
    case callAgain
}

extension KafkaError {
    /// What to do about this error, judged in librdkafka's order: fatal, requires an abort, retriable;
    /// whatever is none of these ends the producer too ("Handling of other errors" in `rdkafka.h`).
    package var transactionRemedy: TransactionRemedy {
        // A broker says so of a record as well, and librdkafka then takes it for something to abort; but
        // there is nothing left to abort, and the abort would wait for it.
        if isFatal || isFenced { return .stop }
        if requiresAbort { return .abort }
        return isRetriable ? .callAgain : .stop
    }
}
