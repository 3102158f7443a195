internal import CRdKafka

/// The librdkafka this process is linked with.
package enum KafkaLibrary {
    package static var version: String { unsafe text(rd_kafka_version_str()) ?? "unknown" }

    /// Below 2.5.3 the idempotent producer has known bugs; a service warns of it at start.
    package static var hasKnownIdempotenceBugs: Bool { rd_kafka_version() < 0x0205_03ff }
}
