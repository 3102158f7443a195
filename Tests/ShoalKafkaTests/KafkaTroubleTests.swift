import ShoalKafka
import Testing

@Suite(.tags(.broker)) struct KafkaTroubleTests {
    @Test func `a full queue holds the producer back, and nothing is lost`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        var properties = KafkaProperties(bootstrap: broker.bootstrap)
        properties["queue.buffering.max.messages"] = "10"
        let producer = try KafkaProducer(properties: properties, events: quiet)
        let topic = try producer.topic("t")
        for index in 0..<200 { try producer.produce(topic, partition: 0, key: nil, value: [UInt8(index)]) }
        try producer.flush(timeoutMilliseconds: 30_000)
        #expect(producer.queueFullCount > 0)
        #expect(producer.deliveredCount == 200)
        let consumer = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: broker.bootstrap), events: quiet)
        try consumer.assign([start("t")])
        #expect(try consumer.read(200).map(\.value) == (0..<200).map { [UInt8($0)] })
        consumer.close()
        producer.close()
        broker.close()
    }

    @Test func `a queue that stays full is thrown as retriable after the bound`() throws {
        var properties = KafkaProperties(bootstrap: "127.0.0.1:1")
        properties["queue.buffering.max.messages"] = "1"
        let producer = try KafkaProducer(
            properties: properties, queueFullWaitMillisecondsMax: 50, events: quiet)
        let topic = try producer.topic("t")
        try producer.produce(topic, key: nil, value: [1])
        let error = #expect(throws: KafkaError.self) { try producer.produce(topic, key: nil, value: [2]) }
        #expect(error?.isQueueFull == true)
        #expect(error?.isRetriable == true)
        #expect(error?.name == "_QUEUE_FULL")
        let late = #expect(throws: KafkaError.self) { try producer.flush(timeoutMilliseconds: 50) }
        #expect(late?.isTimeout == true)
        #expect(producer.outstandingCount == 1)
        producer.close()
    }

    @Test func `a failed delivery is counted and thrown by flush once`() throws {
        var properties = KafkaProperties(bootstrap: "127.0.0.1:1")
        properties["message.timeout.ms"] = "100"
        properties["enable.idempotence"] = "false"
        properties["linger.ms"] = "0"
        let producer = try KafkaProducer(properties: properties, events: quiet)
        try producer.produce(producer.topic("t"), partition: 0, key: nil, value: [1])
        let error = #expect(throws: KafkaError.self) { try producer.flush(timeoutMilliseconds: 30_000) }
        #expect(error?.name == "_MSG_TIMED_OUT")
        #expect(producer.failedCount == 1)
        try producer.flush(timeoutMilliseconds: 1_000)
        producer.close()
    }

    @Test func `a record larger than the limit is refused at once`() throws {
        let producer = try KafkaProducer(
            properties: ["bootstrap.servers": "127.0.0.1:1", "message.max.bytes": "1000"], events: quiet)
        let topic = try producer.topic("t")
        let error = #expect(throws: KafkaError.self) {
            try producer.produce(topic, key: nil, value: [UInt8](repeating: 0, count: 2_000))
        }
        #expect(error?.isRecordTooLarge == true)
        #expect(error?.place == "produce to `t`")
        producer.close()
    }

    @Test func `a broker that goes away is told once, and once when it is back`() throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let log = EventLog()
        var properties = KafkaProperties(bootstrap: broker.bootstrap)
        properties["reconnect.backoff.ms"] = "20"
        properties["reconnect.backoff.max.ms"] = "50"
        properties["statistics.interval.ms"] = "100"
        let consumer = try KafkaConsumer(group: nil, properties: properties, events: log.sink)
        try consumer.assign([start("t")])
        let zero = KafkaTopicPartition(topic: "t", partition: 0)
        consumer.poll { $0.cachedWatermarks(zero) != nil }
        #expect(log.awayCount == 0)
        try broker.setReachable(false)
        consumer.poll { _ in log.awayCount > 0 }
        // Twenty more rounds of statistics, while reconnecting fails again and again.
        let seen = log.statistics.count
        consumer.poll { _ in log.statistics.count >= seen + 20 }
        #expect(log.statistics.count >= seen + 20)
        #expect(log.awayCount == 1)
        #expect(log.backCount == 0)
        try broker.setReachable(true)
        consumer.poll { _ in log.backCount > 0 }
        #expect(log.backCount == 1)
        #expect(log.awayCount == 1)
        consumer.close()
        broker.close()
    }

    @Test func `a client without a broker says so, and its log comes as events`() throws {
        let log = EventLog()
        let admin = try KafkaAdmin(properties: KafkaProperties(bootstrap: "127.0.0.1:1"), events: log.sink)
        let error = #expect(throws: KafkaError.self) { try admin.waitForBroker(timeoutMilliseconds: 300) }
        #expect(error?.isRetriable == true)
        #expect(error?.place == "wait for a broker")
        for _ in 0..<pollsMax where log.awayCount == 0 {
            _ = try? admin.waitForBroker(timeoutMilliseconds: 100)
        }
        #expect(log.awayCount == 1)
        #expect(
            log.all.contains {
                if case .log(let line) = $0 { line.facility == "FAIL" } else { false }
            })
        admin.close()
    }

    private func producerInTransaction(bootstrap: String) throws -> KafkaProducer {
        var properties = KafkaProperties(bootstrap: bootstrap)
        properties.setDefaults(KafkaProducer.transactionalProperties)
        properties["transactional.id"] = "one"
        let producer = try KafkaProducer(properties: properties, events: quiet)
        try producer.initialiseTransactions(timeoutMilliseconds: 30_000)
        try producer.beginTransaction()
        return producer
    }

    @Test(arguments: [true, false])
    func `the end of a transaction is not waited for longer than is said`(commits: Bool) throws {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try producerInTransaction(bootstrap: broker.bootstrap)
        try producer.produce(producer.topic("t"), partition: 0, key: nil, value: [1])
        try producer.flush(timeoutMilliseconds: 30_000)
        try broker.setReachable(false)
        let error = #expect(throws: KafkaError.self) {
            if commits {
                try producer.commitTransaction(timeoutMilliseconds: 300)
            } else {
                try producer.abortTransaction(timeoutMilliseconds: 300)
            }
        }
        #expect(error?.isTimeout == true)
        #expect(error?.transactionRemedy == .callAgain)
        // Whoever waited for ever would not get here.
        producer.close()
        broker.close()
    }

    @Test func `a record after one that was refused to a fenced producer is refused for that reason`() throws
    {
        let broker = try DevelopmentBroker(topics: [KafkaTopicSpecification(name: "t", partitionCount: 1)])
        let producer = try producerInTransaction(bootstrap: broker.bootstrap)
        let topic = try producer.topic("t")
        broker.fenceWriter()
        try producer.produce(topic, partition: 0, key: nil, value: [1])
        for _ in 0..<pollsMax where producer.failedCount == 0 { producer.poll(timeoutMilliseconds: 100) }
        let error = #expect(throws: KafkaError.self) {
            try producer.produce(topic, partition: 0, key: nil, value: [2])
        }
        #expect(error?.isFenced == true, "\(String(describing: error))")
        producer.close()
        broker.close()
    }
}
