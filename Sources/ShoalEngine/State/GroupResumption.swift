internal import ShoalCore
package import ShoalKafka

/// Gives a group that has lost its committed offsets those of its newest snapshots.
///
/// A group's offsets go when it was off for `offsets.retention.minutes`, or is deleted; a snapshot has them
/// too. After a stop in order the two are the same; after a crash the snapshot's are earlier, and what came
/// since is processed a second time.
package struct GroupResumption: Sendable {
    /// What became of one partition of the input.
    package enum Outcome: Equatable, Sendable {
        /// The group had no offset and has the snapshot's now.
        case resumed
        /// The group has this offset, which stays.
        case kept(Int64)
    }

    private static let askMilliseconds: Int32 = 10_000

    private let store: SnapshotStore
    private let kafka: KafkaProperties
    private let group: String

    /// - Parameters:
    ///   - snapshots: where they are.
    ///   - kafka: librdkafka's properties, with `bootstrap.servers`.
    ///   - group: the consumer group; none of its members may be running.
    package init(snapshots: SnapshotSettings, kafka: KafkaProperties, group: String) {
        store = snapshots.store(ofGroup: group)
        self.kafka = kafka
        self.group = group
    }

    /// Commits what the snapshots say, where the group has nothing.
    ///
    /// - Parameter report: gets every snapshot that is passed over, with its reason.
    /// - Returns: each partition of the input that a snapshot of this cluster and group names, in order.
    /// - Throws: If the broker does not take it, as while a member is running.
    package func run(
        report: (SnapshotStoreError) -> Void
    ) throws(EngineError) -> [(offset: KafkaPartitionOffset, outcome: Outcome)] {
        do throws(KafkaError) {
            let admin = try KafkaAdmin(properties: kafka, events: { _ in })
            try admin.waitForBroker(timeoutMilliseconds: Self.askMilliseconds)
            let cluster = admin.clusterID(timeoutMilliseconds: Self.askMilliseconds) ?? ""
            let saved = offsets(ofCluster: cluster, report: report)
            let consumer = try KafkaConsumer(group: group, properties: kafka, events: { _ in })
            let committed = try consumer.committed(
                saved.map { $0.partition }, timeoutMilliseconds: Self.askMilliseconds)
            try consumer.commit(saved.filter { committed[$0.partition] == nil })
            consumer.close()
            return saved.map { ($0, committed[$0.partition].map { .kept($0) } ?? .resumed) }
        } catch {
            throw .kafka(part: "group \(group)", error)
        }
    }

    /// What the snapshots of a cluster say of this group.
    ///
    /// - Parameters:
    ///   - cluster: its id.
    ///   - report: gets every snapshot that is passed over, with its reason.
    /// - Returns: in the order of partition numbers; without offset 0, where a group begins anyway.
    func offsets(
        ofCluster cluster: String, report: (SnapshotStoreError) -> Void
    ) -> [KafkaPartitionOffset] {
        let places = store.newestHeaders(report: report).map { $0.place }
        return places.filter { $0.cluster == cluster && $0.group == group }.flatMap { place in
            place.inputs.filter { $0.offset > 0 }.map {
                KafkaPartitionOffset(
                    KafkaTopicPartition(topic: $0.topic, partition: place.partition), offset: $0.offset)
            }
        }
    }
}
