import ShoalKafka
import Testing

@Suite(.tags(.broker)) struct KafkaGroupTests {
    private static let settings: KafkaProperties = [
        "session.timeout.ms": "6000", "heartbeat.interval.ms": "300",
    ]

    private func properties(_ bootstrap: String) -> KafkaProperties {
        var properties = KafkaProperties(bootstrap: bootstrap)
        properties.setDefaults(Self.settings)
        return properties
    }

    private func fill(_ bootstrap: String, topics: [String], partitions: Int32, each: Int) throws {
        let producer = try KafkaProducer(properties: KafkaProperties(bootstrap: bootstrap), events: quiet)
        for name in topics {
            let topic = try producer.topic(name)
            for partition in 0..<partitions {
                for index in 0..<each {
                    try producer.produce(topic, partition: partition, key: nil, value: [UInt8(index)])
                }
            }
        }
        try producer.flush(timeoutMilliseconds: 30_000)
        producer.close()
    }

    @Test func `two members share co-partitioned topics by number, and the one that stays gets all`() throws {
        let names = ["a", "b"]
        let broker = try DevelopmentBroker(
            topics: names.map { KafkaTopicSpecification(name: $0, partitionCount: 4) })
        let first = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        let second = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try first.subscribe(names)
        try second.subscribe(names)
        var owned: [[KafkaTopicPartition]] = [[], []]
        func absorb(_ event: KafkaConsumerEvent?, _ member: Int) {
            switch event {
            case .assigned(let partitions): owned[member] = partitions
            case .revoked, .lost: owned[member] = []
            default: break
            }
        }
        for _ in 0..<pollsMax where owned[0].count != 4 || owned[1].count != 4 {
            absorb(first.nextEvent(), 0)
            absorb(second.nextEvent(), 1)
        }
        #expect(Set(owned[0] + owned[1]).count == 8)
        for partitions in owned {
            let ofA = Set(partitions.filter { $0.topic == "a" }.map(\.partition))
            let ofB = Set(partitions.filter { $0.topic == "b" }.map(\.partition))
            #expect(ofA == ofB)
            #expect(ofA.count == 2)
        }
        second.close()
        for _ in 0..<pollsMax where owned[0].count != 8 { absorb(first.nextEvent(), 0) }
        #expect(owned[0].count == 8)
        first.close()
        broker.close()
    }

    @Test func `partitions stay with their owner until it has answered the revocation`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 2)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 2, each: 5)
        let first = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try first.subscribe(["t"])
        #expect(try first.read(10).count == 10)
        let second = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try second.subscribe(["t"])
        var revoked: [KafkaTopicPartition] = []
        for _ in 0..<pollsMax where revoked.isEmpty {
            if case .revoked(let partitions) = first.nextEvent() { revoked = partitions }
            #expect(second.nextEvent() == nil)
        }
        #expect(revoked.count == 2)
        let isLost = first.isAssignmentLost
        #expect(!isLost)
        // The development broker refuses this commit, where Kafka takes it; either way it is told.
        let refusal = #expect(throws: KafkaError.self) {
            try first.commit(revoked.map { KafkaPartitionOffset($0, offset: 5) })
        }
        #expect(refusal?.isMembershipStale == true)
        for _ in 0..<5 { #expect(second.nextEvent() == nil) }
        first.unassign()
        var inherited: [KafkaTopicPartition] = []
        for _ in 0..<pollsMax where inherited.isEmpty {
            _ = first.nextEvent()
            if case .assigned(let partitions) = second.nextEvent() { inherited = partitions }
        }
        #expect(inherited.count == 1)
        second.close()
        first.close()
        broker.close()
    }

    @Test func `a new member resumes at the committed offsets, and an uncommitted partition at its start`()
        throws
    {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 2)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 2, each: 5)
        let zero = KafkaTopicPartition(topic: "t", partition: 0)
        do {
            let consumer = try KafkaConsumer(
                group: "g", properties: properties(broker.bootstrap), events: quiet)
            try consumer.subscribe(["t"])
            #expect(try consumer.read(10).count == 10)
            try consumer.commit([KafkaPartitionOffset(zero, offset: 3)])
            consumer.close()
        }
        let consumer = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try consumer.subscribe(["t"])
        let resumed = try consumer.read(7)
        #expect(resumed.filter { $0.partition == 0 }.map(\.offset) == [3, 4])
        #expect(resumed.filter { $0.partition == 1 }.map(\.offset) == [0, 1, 2, 3, 4])
        let partitions = [zero, KafkaTopicPartition(topic: "t", partition: 1)]
        #expect(try consumer.committed(partitions, timeoutMilliseconds: 10_000) == [zero: 3])
        consumer.close()
        broker.close()
    }

    @Test func `an assignment is read from the offsets given in its answer`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 1, each: 9)
        let consumer = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try consumer.subscribe(["t"])
        let event = consumer.awaitEvent { if case .assigned = $0 { true } else { false } }
        guard case .assigned(let partitions) = event else {
            Issue.record("no assignment came")
            return
        }
        try consumer.assign(partitions.map { KafkaPartitionOffset($0, offset: 7) })
        #expect(try consumer.read(2).map(\.offset) == [7, 8])
        let isMember = consumer.groupMetadata() != nil
        #expect(isMember)
        consumer.close()
        broker.close()
    }

    @Test func `commits without waiting arrive, and a refused one is told`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 1, each: 3)
        let consumer = try KafkaConsumer(group: "g", properties: properties(broker.bootstrap), events: quiet)
        try consumer.subscribe(["t"])
        #expect(try consumer.read(3).count == 3)
        let zero = KafkaTopicPartition(topic: "t", partition: 0)
        try consumer.commitWithoutWaiting([KafkaPartitionOffset(zero, offset: 2)])
        var committed: Int64?
        for _ in 0..<pollsMax where committed != 2 {
            _ = consumer.nextEvent()
            committed = try consumer.committed([zero], timeoutMilliseconds: 10_000)[zero]
        }
        #expect(committed == 2)
        let stranger = KafkaTopicPartition(topic: "t", partition: 99)
        #expect(throws: KafkaError.self) {
            try consumer.seek([KafkaPartitionOffset(stranger, offset: 0)], timeoutMilliseconds: 5_000)
        }
        consumer.close()
        broker.close()
    }

    @Test func `a paused partition is silent until resumed, and seek reads again`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 2)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 2, each: 4)
        let consumer = try KafkaConsumer(group: nil, properties: properties(broker.bootstrap), events: quiet)
        try consumer.assign([start("t", 0), start("t", 1)])
        let zero = KafkaTopicPartition(topic: "t", partition: 0)
        try consumer.pause([zero])
        #expect(try Set(consumer.read(4).map(\.partition)) == [1])
        for _ in 0..<3 {
            let result = consumer.poll(limit: 10, timeoutMilliseconds: 50) { (_: borrowing KafkaRecord) in }
            #expect(result.recordCount == 0)
        }
        try consumer.resume([zero])
        #expect(try consumer.read(4).map(\.offset) == [0, 1, 2, 3])
        try consumer.seek([KafkaPartitionOffset(zero, offset: 2)], timeoutMilliseconds: 10_000)
        #expect(try consumer.read(2).map(\.offset) == [2, 3])
        consumer.close()
        broker.close()
    }

    @Test func `the end of a partition is told when asked for, with the next offset`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        try fill(broker.bootstrap, topics: ["t"], partitions: 1, each: 3)
        var properties = properties(broker.bootstrap)
        properties["enable.partition.eof"] = "true"
        let consumer = try KafkaConsumer(group: nil, properties: properties, events: quiet)
        try consumer.assign([start("t")])
        let event = consumer.awaitEvent { _ in true }
        let zero = KafkaTopicPartition(topic: "t", partition: 0)
        #expect(event == .endOfPartition(KafkaPartitionOffset(zero, offset: 3)))
        consumer.close()
        broker.close()
    }
}
