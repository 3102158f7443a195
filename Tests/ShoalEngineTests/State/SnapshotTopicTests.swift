import Foundation
import ShoalCore
import ShoalKafka
import ShoalTestSupport
import Testing

@testable import ShoalEngine

/// Snapshots that go from one directory to another through Kafka.
@Suite(.tags(.broker)) struct SnapshotTopicTests {
    /// A topic of one broker, and the machines that share it.
    private struct Machines: ~Copyable {
        static let partition: Int32 = 3
        let broker: DevelopmentBroker

        init() throws {
            broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "state", partitionCount: 4)]
            )
        }

        func place(_ instance: String = "one", group: String = "g") -> SnapshotTopicPlace {
            var place = SnapshotTopicPlace(
                topic: "state", group: group, instance: instance,
                kafka: KafkaProperties(bootstrap: broker.bootstrap), events: { _ in })
            place.chunkBytes = 1_000
            return place
        }

        /// Keys that count, and how many snapshots do.
        func survey(_ group: String = "g") throws -> (keys: [SnapshotTopicKey], snapshots: [String]) {
            let reader = try SnapshotTopicReader(place(group: group))
            let survey = try reader.survey(Self.partition)
            return (Array(survey.offsets.keys), survey.manifests.map(\.snapshot))
        }

        func fetch(
            into store: SnapshotStore, group: String = "g"
        ) throws -> (path: String?, reports: [String]) {
            var reports: [String] = []
            let reader = try SnapshotTopicReader(place(group: group))
            let path = try reader.fetch(Self.partition, into: store) { reports.append("\($0)") }
            return (path, reports)
        }

        /// Writes records that no writer would.
        func produce(_ records: [(key: String, value: [UInt8]?)]) throws {
            let producer = try KafkaProducer(
                properties: KafkaProperties(bootstrap: broker.bootstrap), events: { _ in })
            let topic = try producer.topic("state")
            for (key, value) in records {
                try producer.produce(
                    to: topic, partition: Self.partition, key: Array(key.utf8).span, value: value?.span)
            }
            try producer.flush(timeoutMilliseconds: 30_000)
            producer.close()
        }
    }

    /// Saves more events' worth and sends it.
    private func send(
        _ bench: inout SnapshotBench, offset: Int64, with writer: inout SnapshotTopicWriter
    ) throws -> [UInt8] {
        let store = try bench.store()
        bench.absorb(400)
        try bench.save(to: store, offset: offset)
        let path = try #require(store.files(of: Machines.partition).first)
        try writer.send(file: path, partition: Machines.partition)
        return Array(try Data(contentsOf: URL(filePath: path)))
    }

    @Test func `a machine with an empty directory gets what another has sent last, byte for byte`() throws {
        let machines = try Machines()
        var here = try SnapshotBench()
        let there = try SnapshotBench()
        let store = try there.store()
        #expect(try machines.fetch(into: store).path == nil, "there is none yet")
        var writer = try SnapshotTopicWriter(machines.place())
        for offset in [Int64(1), 2] {
            let sent = try send(&here, offset: offset, with: &writer)
            let (path, reports) = try machines.fetch(into: store)
            #expect(Array(try Data(contentsOf: URL(filePath: try #require(path)))) == sent)
            #expect(reports.isEmpty)
            let loaded = there.load(from: store)
            #expect(loaded.offset == offset && loaded.profiles == here.profiles)
            // Nothing is left of the one before.
            let (keys, snapshots) = try machines.survey()
            #expect(snapshots == ["one-\(offset)"])
            #expect(keys.count == (sent.count + 999) / 1_000 + 1 && keys.count > 5)
        }
    }

    @Test func `what another process has sent in between goes too, and other groups' does not`() throws {
        let machines = try Machines()
        var bench = try SnapshotBench()
        var one = try SnapshotTopicWriter(machines.place("one"))
        var two = try SnapshotTopicWriter(machines.place("two"))
        var stranger = try SnapshotTopicWriter(machines.place("one", group: "g/other"))
        _ = try send(&bench, offset: 1, with: &one)
        _ = try send(&bench, offset: 2, with: &stranger)
        _ = try send(&bench, offset: 3, with: &two)
        #expect(try machines.survey().snapshots == ["two-1"])
        _ = try send(&bench, offset: 4, with: &one)
        let (keys, snapshots) = try machines.survey()
        #expect(snapshots == ["one-2"] && keys.allSatisfy { $0.snapshot == "one-2" })
        #expect(try machines.survey("g/other").snapshots == ["one-1"])
    }

    @Test func `a snapshot that was half sent does not count, and the one before does`() throws {
        let machines = try Machines()
        var here = try SnapshotBench()
        let there = try SnapshotBench()
        var writer = try SnapshotTopicWriter(machines.place())
        let sent = try send(&here, offset: 1, with: &writer)
        try machines.produce([("g/two-1/0", Array(repeating: 1, count: 1_000)), ("g/two-1/1", [2])])
        let (path, reports) = try machines.fetch(into: try there.store())
        #expect(Array(try Data(contentsOf: URL(filePath: try #require(path)))) == sent)
        #expect(reports.isEmpty)
        // The next that is sent clears it away.
        _ = try send(&here, offset: 2, with: &writer)
        #expect(try machines.survey().keys.allSatisfy { $0.snapshot == "one-2" })
    }

    @Test(
        arguments: [
            ("g/one-1/2", nil, "chunk 2 of"), ("g/one-1/2", [1, 2, 3], "are not what was sent"),
            ("g/one-1/0", nil, "chunk 0 of"), ("g/one-1/end", [0x7b, 0x7d], nil), ("g/one-1/end", nil, nil),
        ] as [(String, [UInt8]?, String?)])
    func `one with a chunk that is missing or another is passed over and named`(
        key: String, value: [UInt8]?, reason: String?
    ) throws {
        let machines = try Machines()
        var here = try SnapshotBench()
        let there = try SnapshotBench()
        var writer = try SnapshotTopicWriter(machines.place())
        _ = try send(&here, offset: 1, with: &writer)
        try machines.produce([(key, value)])
        let (path, reports) = try machines.fetch(into: try there.store())
        #expect(path == nil)
        #expect(try there.names().isEmpty, "nothing half made is left")
        #expect(reports.count == (reason == nil ? 0 : 1))
        if let reason { #expect(reports.first?.contains(reason) == true, "\(reports)") }
    }

    @Test func `records that are none of a snapshot's are nobody's`() throws {
        let machines = try Machines()
        var here = try SnapshotBench()
        let there = try SnapshotBench()
        let strange = ["", "g/end", "g/x/-1", "g/x/y", "h/one-1/end"]
        try machines.produce(strange.map { ($0, [1]) })
        var writer = try SnapshotTopicWriter(machines.place())
        let sent = try send(&here, offset: 1, with: &writer)
        try machines.produce([("g/one-1/99", [1]), ("nobody", nil)])
        let path = try #require(try machines.fetch(into: try there.store()).path)
        #expect(Array(try Data(contentsOf: URL(filePath: path))) == sent)
    }

    @Test func `keys are read as they were written`() {
        for group in ["g", "a/b", "größe"] {
            for part in [SnapshotTopicKey.Part.chunk(0), .chunk(123), .end] {
                let key = SnapshotTopicKey(group: group, snapshot: "host-7", part: part)
                #expect(SnapshotTopicKey(key.bytes) == key)
            }
        }
        for text in ["", "g", "g/x", "g/x/", "g/x/1.5", "g/x/-1"] {
            #expect(SnapshotTopicKey(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(SnapshotTopicKey([0x67, 0x2f, 0xff, 0x2f, 0x31]) == nil)
    }

    @Test func `chunks are below the largest message, also where that is small`() {
        func bytes(_ properties: KafkaProperties) -> Int {
            SnapshotTopicPlace(topic: "s", group: "g", instance: "a/b", kafka: properties, events: { _ in })
                .chunkBytes
        }
        #expect(bytes(KafkaProperties()) < 1_000_000 - 2_000)
        #expect(bytes(["message.max.bytes": "10000"]) == 10_000 - 2_048)
        #expect(bytes(["message.max.bytes": "1000"]) == 500)
        #expect(bytes(["message.max.bytes": "100000000"]) == bytes(KafkaProperties()))
    }
}
