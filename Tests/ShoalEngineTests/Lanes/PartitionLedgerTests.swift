import ShoalEngine
import ShoalKafka
import Testing

@Suite struct PartitionLedgerTests {
    private let clicksOne = KafkaTopicPartition(topic: "clicks", partition: 1)
    private let posOne = KafkaTopicPartition(topic: "pos", partition: 1)

    private func ledger() -> PartitionLedger {
        PartitionLedger(topics: ["clicks", "pos"], partitionCount: 3)
    }

    @Test func `slots and partitions name each other`() {
        let ledger = ledger()
        for topic in 0..<2 {
            for partition in 0..<3 as Range<Int32> {
                let slot = ledger.slot(topic: topic, partition: partition)
                #expect(ledger.slot(of: ledger.partition(at: slot)) == slot)
            }
        }
        #expect(ledger.slot(of: KafkaTopicPartition(topic: "other", partition: 0)) == nil)
        #expect(ledger.slot(of: KafkaTopicPartition(topic: "pos", partition: 3)) == nil)
    }

    @Test func `the offset to commit is the last processed and one, whatever became of the record`() throws {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: clicksOne))
        ledger.assign(slot, next: 5, committed: 5)
        #expect(ledger.uncommitted == [])
        let taken = [5, 6, 9].map { ledger.take(slot, offset: $0) }
        #expect(taken == [true, true, true])
        #expect(ledger.uncommitted == [KafkaPartitionOffset(clicksOne, offset: 10)])
        ledger.noteCommitted(ledger.uncommitted)
        #expect(ledger.uncommitted == [])
    }

    @Test func `a record seen before, or of a partition that is not owned, is not processed`() throws {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: clicksOne))
        let other = try #require(ledger.slot(of: posOne))
        ledger.assign(slot, next: 5, committed: nil)
        let first = ledger.take(slot, offset: 7)
        let again = ledger.take(slot, offset: 7)
        let older = ledger.take(slot, offset: 5)
        let foreign = ledger.take(other, offset: 7)
        #expect([first, again, older, foreign] == [true, false, false, false])
        #expect(ledger.uncommitted == [KafkaPartitionOffset(clicksOne, offset: 8)])
    }

    @Test func `a revoked partition never commits, whatever comes later`() throws {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: clicksOne))
        ledger.assign(slot, next: 0, committed: nil)
        let first = ledger.take(slot, offset: 0)
        let next = ledger.revoke(slot)
        let late = ledger.take(slot, offset: 1)
        ledger.reachEnd(slot, offset: 9)
        ledger.forgetCommitted()
        #expect(first)
        #expect(next == 1)
        #expect(!late)
        #expect(ledger.uncommitted == [])
        #expect(ledger.ownedSlots == [])
    }

    @Test func `a partition that comes back starts where it is told`() throws {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: clicksOne))
        ledger.assign(slot, next: 0, committed: nil)
        _ = ledger.take(slot, offset: 41)
        ledger.revoke(slot)
        ledger.assign(slot, next: 17, committed: 17)
        #expect(ledger.uncommitted == [])
        #expect(ledger.next(of: slot) == 17)
        _ = ledger.take(slot, offset: 17)
        #expect(ledger.uncommitted == [KafkaPartitionOffset(clicksOne, offset: 18)])
    }

    @Test func `the end of a partition lets offsets without content be committed, and never goes back`()
        throws
    {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: posOne))
        ledger.assign(slot, next: 3, committed: 3)
        ledger.reachEnd(slot, offset: 6)
        #expect(ledger.uncommitted == [KafkaPartitionOffset(posOne, offset: 6)])
        ledger.reachEnd(slot, offset: 4)
        #expect(ledger.next(of: slot) == 6)
    }

    @Test func `an empty partition that was never committed says nothing`() throws {
        var ledger = ledger()
        ledger.assign(try #require(ledger.slot(of: posOne)), next: 0, committed: nil)
        #expect(ledger.uncommitted == [])
    }

    @Test func `after a refused commit everything is told again`() throws {
        var ledger = ledger()
        let slot = try #require(ledger.slot(of: posOne))
        ledger.assign(slot, next: 0, committed: nil)
        _ = ledger.take(slot, offset: 0)
        ledger.noteCommitted(ledger.uncommitted)
        #expect(ledger.uncommitted == [])
        ledger.forgetCommitted()
        #expect(ledger.uncommitted == [KafkaPartitionOffset(posOne, offset: 1)])
    }
}
