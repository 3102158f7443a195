package import ShoalKafka

/// Where in Kafka snapshots are kept as well, so that a partition can move to a machine that shares no disk.
///
/// In the state's topic, partition by partition as in the input, a snapshot is records of its bytes, in
/// order, and a last record, its `SnapshotManifest`, without which it does not count. The topic is
/// compacted: once a snapshot counts, the records of those before it get tombstones.
package struct SnapshotTopicPlace: Sendable {
    private static let chunkBytesMax = 900_000
    /// What brokers and librdkafka take at most unless they are told otherwise.
    private static let recordBytesMax = 1_000_000
    /// What a record has besides its value, generously.
    private static let keyBytesMax = 2_048

    package let topic: String
    let group: String
    /// Unique among the group's processes.
    let instance: String
    let properties: KafkaProperties
    /// Bytes of a snapshot in one record.
    var chunkBytes: Int
    let events: KafkaEventSink

    /// - Parameters:
    ///   - topic: its name.
    ///   - group: whose state it is.
    ///   - instance: the process's name, unique in the group.
    ///   - kafka: librdkafka's properties of every client.
    ///   - events: told of the clients' health.
    package init(
        topic: String, group: String, instance: String, kafka: KafkaProperties,
        events: @escaping KafkaEventSink
    ) {
        self.topic = topic
        self.group = group
        self.instance = instance.split(separator: "/").joined(separator: "_")
        self.properties = kafka
        self.events = events
        let recordBytesMax = kafka["message.max.bytes"].flatMap { Int($0) } ?? Self.recordBytesMax
        let room = recordBytesMax - min(Self.keyBytesMax, recordBytesMax / 2)
        chunkBytes = max(1, min(Self.chunkBytesMax, room))
    }

    func partition(_ number: Int32) -> KafkaTopicPartition {
        KafkaTopicPartition(topic: topic, partition: number)
    }
}
