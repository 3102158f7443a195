package import ShoalKafka

/// Why an engine, or a part of it, cannot go on.
package enum EngineError: Error, CustomStringConvertible {
    /// Kafka refused for good.
    case kafka(part: String, KafkaError)
    /// Topics that are not as they must be; each fault says what to do.
    case topics([String])
    /// The input no longer holds the records after the group's committed offset.
    case inputTrimmed(KafkaPartitionOffset, retained: Range<Int64>)
    /// The time to stop in was too short.
    case unfinished(part: String, records: Int)

    package var description: String {
        switch self {
        case .kafka(let part, let error): "\(part): \(error)"
        case .topics(let faults): faults.joined(separator: "; ")
        case .inputTrimmed(let committed, let retained):
            "\(committed.partition): the group has committed offset \(committed.offset), but the topic holds "
                + "\(retained.lowerBound) to \(retained.upperBound): events would be skipped; reset the "
                + "group's offsets, or set kafka.auto.offset.reset to earliest to accept the gap"
        case .unfinished(let part, let records):
            "\(part): stopped before \(records) records were delivered; their input is processed again at "
                + "the next start"
        }
    }
}
