import ShoalEngine
import ShoalKafka
import Testing

@Suite struct CommitStepTests {
    private let partition = KafkaTopicPartition(topic: "clicks", partition: 0)

    private func ledger(processing offset: Int64) -> PartitionLedger {
        var ledger = PartitionLedger(topics: ["clicks"], partitionCount: 1)
        ledger.assign(0, next: 0, committed: nil)
        _ = ledger.take(0, offset: offset)
        return ledger
    }

    /// Errors can only be made by Kafka: this one comes from a topic name that cannot be.
    private func refusal() throws -> KafkaError {
        try #require(
            try Self.error { (producer) throws(KafkaError) in
                _ = try producer.topic(String(repeating: "x", count: 999))
            })
    }

    /// The error of a flush whose broker is away.
    private func timeout() throws -> KafkaError {
        try #require(
            try Self.error { (producer) throws(KafkaError) in
                try producer.produce(to: try producer.topic("clicks"), key: nil, value: [1].span)
                try producer.flush(timeoutMilliseconds: 1)
            })
    }

    /// What a producer without a broker throws.
    private static func error(
        of body: (borrowing KafkaProducer) throws(KafkaError) -> Void
    ) throws -> KafkaError? {
        let producer = try KafkaProducer(
            properties: KafkaProperties(bootstrap: "127.0.0.1:1"), events: { _ in })
        var thrown: KafkaError?
        do throws(KafkaError) { try body(producer) } catch { thrown = error }
        producer.close()
        return thrown
    }

    @Test func `it is due once per interval`() {
        var step = CommitStep(intervalMilliseconds: 100, now: 1_000)
        #expect(!step.isDue(now: 1_099))
        #expect(step.isDue(now: 1_100))
        var ledger = PartitionLedger(topics: ["clicks"], partitionCount: 1)
        let outcome = try? step.run(ledger: &ledger, now: 1_100, flush: {}, commit: { _ in })
        #expect(outcome == .nothingToDo)
        #expect(!step.isDue(now: 1_199))
    }

    @Test func `outputs are flushed before offsets are committed`() throws {
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = ledger(processing: 7)
        var calls: [String] = []
        let outcome = try step.run(
            ledger: &ledger, now: 0, flush: { calls.append("flush") },
            commit: { calls.append("commit \($0)") })
        #expect(calls == ["flush", "commit [clicks[0]@8]"])
        #expect(outcome == .committed([KafkaPartitionOffset(partition, offset: 8)]))
        #expect(ledger.uncommitted == [])
    }

    @Test func `a commit that has begun commits what was processed when it began`() throws {
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = ledger(processing: 7)
        #expect(!step.isPending)
        let begun = step.begin(ledger, now: 100)
        #expect(begun)
        #expect(step.isPending)
        #expect(!step.isDue(now: 1_000), "One at a time.")
        #expect(step.waitedMilliseconds(now: 130) == 30)
        _ = ledger.take(0, offset: 9)
        var calls: [String] = []
        let outcome = try step.finish(ledger: &ledger, commit: { calls.append("commit \($0)") })
        #expect(calls == ["commit [clicks[0]@8]"])
        #expect(outcome == .committed([KafkaPartitionOffset(partition, offset: 8)]))
        #expect(ledger.uncommitted == [KafkaPartitionOffset(partition, offset: 10)])
        #expect(!step.isPending)
        #expect(!step.isDue(now: 199))
        #expect(step.isDue(now: 200))
    }

    @Test func `where nothing is processed no commit begins`() {
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = PartitionLedger(topics: ["clicks"], partitionCount: 1)
        ledger.assign(0, next: 4, committed: 4)
        let begun = step.begin(ledger, now: 100)
        #expect(!begun)
        #expect(!step.isPending)
        #expect(!step.isDue(now: 199))
    }

    @Test func `a commit that has begun is forgotten with its partitions, and by one that waits`() throws {
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = ledger(processing: 7)
        let begun = step.begin(ledger, now: 100)
        #expect(begun)
        step.abandon()
        #expect(!step.isPending)
        let begunAgain = step.begin(ledger, now: 200)
        #expect(begunAgain)
        _ = ledger.take(0, offset: 9)
        var commits: [[KafkaPartitionOffset]] = []
        _ = try step.run(ledger: &ledger, now: 210, flush: {}, commit: { commits.append($0) })
        #expect(commits == [[KafkaPartitionOffset(partition, offset: 10)]])
        #expect(!step.isPending)
    }

    @Test func `without anything processed neither is asked`() throws {
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = PartitionLedger(topics: ["clicks"], partitionCount: 1)
        ledger.assign(0, next: 4, committed: 4)
        var calls = 0
        let outcome = try step.run(
            ledger: &ledger, now: 0, flush: { calls += 1 }, commit: { _ in calls += 1 })
        #expect(outcome == .nothingToDo)
        #expect(calls == 0)
    }

    @Test func `while the broker is slow nothing is committed, and the same work is tried again`() throws {
        let timeout = try timeout()
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = ledger(processing: 7)
        var commits = 0
        let outcome = try step.run(
            ledger: &ledger, now: 0, flush: { () throws(KafkaError) in throw timeout },
            commit: { _ in commits += 1 })
        #expect(outcome == .postponed(timeout))
        #expect(commits == 0)
        #expect(ledger.uncommitted == [KafkaPartitionOffset(partition, offset: 8)])
    }

    @Test func `an output that Kafka will not take keeps the offsets back and ends the lane`() throws {
        let refusal = try refusal()
        var step = CommitStep(intervalMilliseconds: 100, now: 0)
        var ledger = ledger(processing: 7)
        var commits = 0
        let thrown = #expect(throws: KafkaError.self) {
            _ = try step.run(
                ledger: &ledger, now: 0, flush: { () throws(KafkaError) in throw refusal },
                commit: { _ in commits += 1 })
        }
        #expect(thrown == refusal)
        #expect(commits == 0)
        #expect(ledger.uncommitted == [KafkaPartitionOffset(partition, offset: 8)])
    }
}
