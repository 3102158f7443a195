import Foundation
import ShoalCore
import ShoalKafka
import ShoalTestSupport
import Testing

@testable import ShoalEngine

@Suite struct GroupResumptionTests {
    private static func partition(_ topic: String) -> KafkaTopicPartition {
        KafkaTopicPartition(topic: topic, partition: 0)
    }

    @Test func `a group gets the offsets of its newest sound snapshot where it has none`() throws {
        let broker = try DevelopmentBroker(
            topics: ["clicks", "pos"].map { KafkaTopicSpecification(name: $0, partitionCount: 1) })
        let kafka = KafkaProperties(bootstrap: broker.bootstrap)
        let cluster = try #require(
            try KafkaAdmin(properties: kafka, events: { _ in }).clusterID(timeoutMilliseconds: 10_000))
        var bench = try SnapshotBench(partition: 0)
        let settings = SnapshotSettings(directory: bench.directory)
        let store = settings.store(ofGroup: "g")
        try store.prepare()
        try bench.save(to: store, offset: 20, cluster: cluster, more: [.init(topic: "pos", offset: 0)])
        try bench.save(to: store, offset: 40, cluster: cluster, more: [.init(topic: "pos", offset: 7)])
        let newest = try #require(store.files(of: 0).first)
        let resumption = GroupResumption(snapshots: settings, kafka: kafka, group: "g")

        let consumer = try KafkaConsumer(group: "g", properties: kafka, events: { _ in })
        try consumer.commit([KafkaPartitionOffset(Self.partition("pos"), offset: 3)])
        var result = try resumption.run { Issue.record("\($0)") }
        #expect(result.map(\.offset.offset) == [40, 7])
        #expect(result.map(\.outcome) == [.resumed, .kept(3)])
        let partitions = ["clicks", "pos"].map(Self.partition)
        #expect(
            try consumer.committed(partitions, timeoutMilliseconds: 10_000)
                == [partitions[0]: 40, partitions[1]: 3])
        result = try resumption.run { Issue.record("\($0)") }
        #expect(result.map(\.outcome) == [.kept(40), .kept(3)])
        consumer.close()

        try Data("not a snapshot".utf8).write(to: URL(filePath: newest))
        var reasons = 0
        let damaged = resumption.offsets(ofCluster: cluster) { _ in reasons += 1 }
        #expect(damaged.map(\.offset) == [20] && reasons == 1)
        #expect(resumption.offsets(ofCluster: "another", report: { _ in }).isEmpty)
        let stranger = GroupResumption(snapshots: settings, kafka: kafka, group: "h")
        #expect(try stranger.run { Issue.record("\($0)") }.isEmpty)
        broker.close()
    }
}
