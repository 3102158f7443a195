package import ShoalKafka

/// Why a snapshot is not in the state's topic, or not used from it.
package enum SnapshotTopicError: Error, Equatable, CustomStringConvertible {
    case kafka(topic: String, KafkaError)
    /// The topic is not as it was written.
    case damaged(snapshot: String, String)
    case store(SnapshotStoreError)
    /// The broker says nothing for long.
    case silent(topic: String)

    package var description: String {
        switch self {
        case .kafka(let topic, let error): "\(topic): \(error)"
        case .damaged(let snapshot, let what): "snapshot \(snapshot): \(what)"
        case .store(let error): "\(error)"
        case .silent(let topic): "\(topic): the broker sends nothing"
        }
    }
}
