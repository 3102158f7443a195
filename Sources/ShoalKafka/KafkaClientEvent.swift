/// What a client has to say outside its records: its surroundings' health and its log.
///
/// Given to the closure a client was created with. Log lines come from librdkafka's own threads, the
/// rest from the thread that polls, so the closure must be quick and callable from any thread.
package enum KafkaClientEvent: Sendable, Equatable {
    /// No broker answers; said once until `brokersBack`. librdkafka keeps trying by itself.
    case brokersAway(KafkaError)
    /// A broker answers again; said once, and only after `brokersAway`.
    case brokersBack
    /// Trouble with one broker or with the login; librdkafka repairs it by itself or says `fatal`.
    case trouble(KafkaError)
    /// The client cannot go on; close it and end the service.
    case fatal(KafkaError)
    /// A line of librdkafka's log.
    case log(KafkaLogLine)
    /// librdkafka's statistics, as one JSON object, each `statistics.interval.ms`.
    case statistics(json: String)
}

/// A line of librdkafka's log.
package struct KafkaLogLine: Sendable, Equatable {
    /// Syslog severity: 0 emergency … 3 error, 4 warning, 5 notice, 6 info, 7 debug.
    package let severity: Int32
    /// librdkafka's word for the kind of line, such as `FAIL`.
    package let facility: String
    package let text: String
}

/// Receives a client's events; called from any thread.
package typealias KafkaEventSink = @Sendable (KafkaClientEvent) -> Void
