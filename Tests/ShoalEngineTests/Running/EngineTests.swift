import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

@Suite(.tags(.broker), .serialized) struct EngineTests {
    @Test func `events become changes in the partition of their input, and are committed`() throws {
        let fixture = try EngineFixture(partitionCount: 2)
        let engine = try fixture.engine(fixture.settings(lanes: 2))
        // The development broker takes no commit while lanes join, so that work done by then is repeated.
        try fixture.wait(for: "both lanes at work") {
            let lanes = engine.status().lanes
            return lanes.count == 2 && lanes.allSatisfy { $0.partitions.count == 1 }
        }
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a segment") {
            engine.status().segments.reduce(0) { $0 + $1.members } == 40
        }
        #expect(engine.stop())
        #expect(engine.failure == nil)
        let changes = try fixture.changes()
        let firsts = changes.filter { $0.revision == 1 }
        #expect(Set(firsts.map(\.customer)).count == 40)
        #expect(firsts.count == 40)
        for change in changes { #expect(change.partition == Int32(change.number % 2)) }
        for number in 0..<40 {
            let revisions = changes.filter { $0.number == number }.map(\.revision)
            #expect(revisions == Array(1...revisions.count), "customer \(number)")
        }
        let now = try fixture.records(of: "customer-segments").map { try ChangeLine($0) }
        #expect(Set(now.map(\.changeID)) == Set(changes.map(\.changeID)))
        // The development broker compacts nothing, so the last record of a customer is the one in force.
        let last = Dictionary(now.map { ($0.number, $0.segment) }) { $1 }
        let big = Set(last.filter { EngineFixture.spendsMuch($0.key) }.compactMap(\.value))
        let small = Set(last.filter { !EngineFixture.spendsMuch($0.key) }.compactMap(\.value))
        #expect(big.isDisjoint(with: small))
        #expect(try fixture.committed() == fixture.ends())
        #expect(engine.status().records == 120)
        #expect(engine.status().counters.accepted == 120)
        // The fixture places customers by their number, which is not where their keys belong.
        let strays = (0..<40).filter { number in
            KafkaPlacement.partition(of: Array("c\(number)".utf8).span, partitionCount: 2) != number % 2
        }
        #expect(engine.status().misplacedRecords == 3 * strays.count)
        #expect(fixture.log.all.count { $0.contains("murmur2") } == 1)
        fixture.close()
    }

    @Test func `what cannot be used goes to the dead letters as it was, and is committed`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        let topic = try fixture.producer.topic(EngineFixture.input)
        let key: [UInt8] = [0xff, 0x00, 0x0a]
        let broken: [UInt8] = Array("{\"type\":\"purchase\",\"customer_id\":\"".utf8) + [0x07]
        let headers = [
            KafkaHeader(name: "trace", value: [1, 2, 0xfe]), KafkaHeader(name: "empty", value: nil),
        ]
        try fixture.producer.produce(
            to: topic, partition: 0, key: key.span, value: broken.span, headers: headers)
        try fixture.producer.produce(to: topic, partition: 0, key: nil, value: nil, headers: [])
        try fixture.producer.flush(timeoutMilliseconds: 30_000)
        let engine = try fixture.engine(fixture.settings())
        try fixture.wait(for: "two rejections") { engine.status().counters.rejected == 2 }
        #expect(engine.stop())
        let letters = try fixture.records(of: "dead-letters")
        #expect(letters.count == 2)
        let first = try #require(letters.first { $0.key == key })
        let second = try #require(letters.first { $0.key == nil })
        #expect(first.value == broken)
        #expect(Array(first.headers.prefix(2)) == headers)
        #expect(first.headers.dropFirst(2).map(\.name) == Self.reasonHeaders)
        #expect(first.headers[2].value == Array("not_json".utf8))
        #expect(first.headers[4...].map(\.value) == ["clicks", "0", "0"].map { Array($0.utf8) })
        #expect(second.value == nil)
        #expect(second.headers.map(\.name) == Self.reasonHeaders)
        #expect(second.headers.prefix(2).map(\.value) == ["not_json", "null_value"].map { Array($0.utf8) })
        #expect(try fixture.committed() == [2])
        fixture.close()
    }

    @Test func `segments of other features have other ids, and who was in an old one leaves it`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        func inSegments(_ engine: Engine) -> Int { engine.status().segments.reduce(0) { $0 + $1.members } }
        let first = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a segment") { inSegments(first) == 40 }
        try fixture.wait(for: "all input processed") { first.status().records == 120 }
        #expect(first.stop())
        let before = try fixture.changes()
        var settings = fixture.settings()
        settings.features.removeFirst()
        let second = try fixture.engine(settings)
        for round in 3..<6 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a new segment") { inSegments(second) == 40 }
        let segments = Set(second.status().segments.map(\.id))
        let version = second.status().modelVersion
        #expect(second.stop())
        let old = Set(before.compactMap(\.segment))
        #expect(old.count >= 2 && segments.count == 2 && old.isDisjoint(with: segments))
        #expect(version > first.status().modelVersion)
        let after = try fixture.changes().filter { change in !before.contains(change) }
        // Each leaves the segment that it was last told to be in.
        let last = Dictionary(before.map { ($0.number, $0) }) { $1 }
        for number in 0..<40 {
            let change = try #require(after.first { $0.number == number })
            #expect(
                change.revision == last[number].map { $0.revision + 1 }
                    && change.from == last[number]?.segment)
            #expect(change.segment.map(segments.contains) == true)
        }
        fixture.close()
    }

    private static let reasonHeaders = [
        "shoal.reason", "shoal.detail", "shoal.topic", "shoal.partition", "shoal.offset",
    ]

    @Test func `a restart goes on where it ended and repeats no output`() throws {
        let fixture = try EngineFixture(partitionCount: 2)
        let first = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a segment") {
            first.status().segments.reduce(0) { $0 + $1.members } == 40
        }
        try fixture.wait(for: "all input processed") { first.status().records == 120 }
        #expect(first.stop())
        let before = try fixture.changes()
        let second = try fixture.engine(fixture.settings())
        try fixture.wait(for: "the recovery") { second.status().lanes.first?.recoveredRecords == 120 }
        try fixture.buy(customers: 0..<44, round: 3)
        try fixture.wait(for: "44 more records") { second.status().records == 44 }
        try fixture.wait(for: "44 customers with a segment") {
            second.status().segments.reduce(0) { $0 + $1.members } == 44
        }
        #expect(second.stop())
        let after = try fixture.changes()
        #expect(after.count >= before.count + 4)
        #expect(Set(after.map(\.changeID)).count == after.count)
        for number in 0..<44 {
            let revisions = after.filter { $0.number == number }.map(\.revision)
            #expect(revisions == Array(1...revisions.count), "customer \(number)")
        }
        #expect(fixture.log.contain("no snapshot of 0, 1: replaying"))
        #expect(try fixture.committed() == fixture.ends())
        fixture.close()
    }

    @Test func `two engines of one group share the partitions, and the one that stays takes all`() throws {
        let fixture = try EngineFixture(partitionCount: 4)
        let first = try fixture.engine(fixture.settings())
        try fixture.buy(customers: 0..<40, round: 0)
        try fixture.wait(for: "the first engine to work") { first.status().records == 40 }
        let second = try fixture.engine(fixture.settings(instance: "1"))
        try fixture.wait(for: "an equal share") {
            first.status().partitionCount == 2 && second.status().partitionCount == 2
        }
        let shares = [first, second].flatMap { $0.status().lanes.flatMap(\.partitions) }
        #expect(Set(shares) == [0, 1, 2, 3])
        try fixture.buy(customers: 0..<40, round: 1)
        try fixture.wait(for: "both to be done") { first.status().isIdle && second.status().isIdle }
        try fixture.wait(for: "all of it to be committed") { try fixture.committed() == fixture.ends() }
        #expect(first.stop())
        try fixture.wait(for: "the second to take over") { second.status().partitionCount == 4 }
        try fixture.wait(for: "the recovery") { second.status().isIdle }
        #expect(second.status().customers == 40)
        #expect(second.stop())
        #expect(try fixture.committed() == fixture.ends())
        fixture.close()
    }

    @Test func `garbage in the engine's own topics is passed over`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        for name in ["shoal.model", "shoal.summaries", "customer-segments"] {
            let topic = try fixture.producer.topic(name)
            try fixture.producer.produce(
                to: topic, partition: 0, key: [1].span, value: Array("garbage".utf8).span)
            try fixture.producer.produce(to: topic, partition: 0, key: [1].span, value: nil)
        }
        try fixture.producer.flush(timeoutMilliseconds: 30_000)
        let engine = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a segment") {
            engine.status().segments.reduce(0) { $0 + $1.members } == 40
        }
        #expect(engine.status().trainer.garbage == 2)
        #expect(fixture.log.contain("shoal.model: a record is passed over"))
        #expect(engine.stop())
        #expect(engine.failure == nil)
        fixture.close()
    }

    @Test func `input topics of different partition counts are refused with what to do`() throws {
        let fixture = try EngineFixture(
            partitionCount: 2,
            topics: [
                KafkaTopicSpecification(name: "clicks", partitionCount: 2),
                KafkaTopicSpecification(name: "pos", partitionCount: 3),
            ])
        var settings = fixture.settings()
        settings.sources = [.canonical(topics: ["clicks", "pos"])]
        let engine = try fixture.engine(settings)
        try fixture.wait(for: "the refusal") { engine.failure != nil }
        let text = "\(try #require(engine.failure))"
        #expect(text.contains("clicks has 2") && text.contains("pos has 3"))
        #expect(engine.status().phase == .failed)
        #expect(engine.stop())
        fixture.close()
    }

    @Test func `it waits for an input topic that does not exist yet, and says so once`() throws {
        let fixture = try EngineFixture(partitionCount: 1, topics: [])
        let engine = try fixture.engine(fixture.settings())
        try fixture.wait(for: "the word") { engine.status().phase == .waitingForTopics }
        try fixture.broker.createTopic(EngineFixture.input, partitionCount: 1)
        try fixture.buy(customers: 0..<5, round: 0)
        try fixture.wait(for: "the events") { engine.status().records == 5 }
        #expect(fixture.log.all.count { $0.contains("waiting for input topics") } == 1)
        #expect(engine.stop())
        fixture.close()
    }
}
