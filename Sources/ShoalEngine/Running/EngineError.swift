package import ShoalKafka

/// Why an engine, or a part of it, cannot go on.
package enum EngineError: Error, CustomStringConvertible {
    /// Kafka refused for good.
    case kafka(part: String, KafkaError)
    /// Another process uses this lane's transactional identity.
    case fenced(part: String, transactionalID: String, KafkaError)
    /// Transactions were lost again and again.
    case transactionsLost(part: String, KafkaError)
    /// Outputs were refused again and again.
    case outputsRefused(part: String, KafkaError)
    /// Topics that are not as they must be; each fault says what to do.
    case topics([String])
    /// The input no longer holds the records after the group's committed offset.
    case inputTrimmed(KafkaPartitionOffset, retained: Range<Int64>)
    /// The group has no offset of a partition that it has processed up to here, as a snapshot says.
    case offsetsLost(KafkaPartitionOffset, group: String)
    /// The input does not hold the offset that was to be read next.
    case placeLost(part: String, KafkaError)
    /// Snapshots cannot be kept where they are to be.
    case state(SnapshotStoreError)
    /// The time to stop in was too short.
    case unfinished(part: String, records: Int)

    package var description: String {
        switch self {
        case .kafka(let part, let error): "\(part): \(error)"
        case .fenced(let part, let id, let error):
            "\(part): another process has taken over the transactional id \(id), so this one stops: \(error.what) "
                + "(\(error.name)); give every process of a group an `instance` of its own"
        case .transactionsLost(let part, let error):
            "\(part): no transaction could be committed for most of a minute; the last reason: \(error)"
        case .outputsRefused(let part, let error):
            "\(part): outputs were refused for most of a minute; the last reason: \(error)"
        case .state(let error): "state.directory: \(error); give a directory that can be written to, or none"
        case .topics(let faults): faults.joined(separator: "; ")
        case .inputTrimmed(let committed, let retained):
            "\(committed.partition): the group has committed offset \(committed.offset), but the topic holds "
                + "\(retained.lowerBound) to \(retained.upperBound): events would be skipped; reset the "
                + "group's offsets, or set kafka.auto.offset.reset to earliest to accept the gap"
        case .offsetsLost(let saved, let group):
            "\(saved.partition): group \(group) has no committed offset, but a snapshot says that it was processed up "
                + "to \(saved.offset): all its changes would be written again; run shoal state resume to go on from "
                + "the snapshots, or set kafka.auto.offset.reset to earliest to begin anew"
        case .placeLost(let part, let error):
            "\(part): \(error.place): \(error.what) (\(error.name)): the input was made anew or trimmed, and going "
                + "on anywhere else skips or repeats events; reset the group's offsets, or set "
                + "kafka.auto.offset.reset to earliest to go on at the first record it holds"
        case .unfinished(let part, let records):
            "\(part): stopped before \(records) records were delivered; their input is processed again at "
                + "the next start"
        }
    }
}
