package import ShoalKafka

/// What a lane has processed of each partition, and what it may still commit.
///
/// Pure bookkeeping: after `revoke` a partition is never committed, whatever comes later. A partition is
/// known by its slot, so that a record costs an array access and no look-up.
package struct PartitionLedger {
    private struct Entry {
        var isOwned = false
        /// The offset after the last record processed.
        var next: Int64 = 0
        /// The group's committed offset; −1 for none.
        var committed: Int64 = -1
    }

    package let topics: [String]
    package let partitionCount: Int
    private var entries: [Entry]

    /// A ledger that owns nothing.
    ///
    /// - Parameters:
    ///   - topics: co-partitioned topics in the order of their indices.
    ///   - partitionCount: of each topic.
    package init(topics: [String], partitionCount: Int) {
        precondition(partitionCount > 0 && !topics.isEmpty, "There is something to read.")
        self.topics = topics
        self.partitionCount = partitionCount
        entries = Array(repeating: Entry(), count: topics.count * partitionCount)
    }

    @inline(__always)
    package func slot(topic: Int, partition: Int32) -> Int {
        precondition(partition >= 0 && Int(partition) < partitionCount, "The partition count was checked.")
        return topic * partitionCount + Int(partition)
    }

    /// The slot of a partition, `nil` if it is none of these.
    package func slot(of partition: KafkaTopicPartition) -> Int? {
        guard let topic = topics.firstIndex(of: partition.topic), partition.partition >= 0,
            Int(partition.partition) < partitionCount
        else { return nil }
        return slot(topic: topic, partition: partition.partition)
    }

    package func partition(at slot: Int) -> KafkaTopicPartition {
        KafkaTopicPartition(
            topic: topics[slot / partitionCount], partition: Int32(slot % partitionCount))
    }

    /// Slots that are owned, in order.
    package var ownedSlots: [Int] { entries.indices.filter { entries[$0].isOwned } }

    package func owns(_ slot: Int) -> Bool { entries[slot].isOwned }

    /// The offset after the last record processed.
    package func next(of slot: Int) -> Int64 { entries[slot].next }

    /// Takes a partition over.
    ///
    /// - Parameters:
    ///   - slot: of the partition.
    ///   - next: where reading starts.
    ///   - committed: the group's offset; `nil` for none.
    package mutating func assign(_ slot: Int, next: Int64, committed: Int64?) {
        entries[slot] = Entry(isOwned: true, next: next, committed: committed ?? -1)
    }

    /// Notes a record as processed, whatever became of it.
    ///
    /// - Parameters:
    ///   - slot: of the record's partition.
    ///   - offset: of the record.
    /// - Returns: whether it is to be processed: false for a partition that is not owned, or a record seen
    ///   before.
    @inline(__always)
    package mutating func take(_ slot: Int, offset: Int64) -> Bool {
        guard entries[slot].isOwned, offset >= entries[slot].next else { return false }
        entries[slot].next = offset + 1
        return true
    }

    /// Nothing but records of no content (transaction markers) lies before `offset`.
    package mutating func reachEnd(_ slot: Int, offset: Int64) {
        guard entries[slot].isOwned, offset > entries[slot].next else { return }
        entries[slot].next = offset
    }

    /// What is processed and not yet committed, of the partitions that are owned.
    package var uncommitted: [KafkaPartitionOffset] {
        entries.indices.compactMap { slot in
            let entry = entries[slot]
            // Where nothing was ever read, or committed, there is nothing to say either.
            guard entry.isOwned, entry.next != entry.committed, entry.next > 0 else { return nil }
            return KafkaPartitionOffset(partition(at: slot), offset: entry.next)
        }
    }

    /// Records that are processed and not yet committed.
    package var uncommittedRecordCount: Int {
        entries.reduce(0) { $0 + ($1.isOwned ? Int($1.next - max(0, $1.committed)) : 0) }
    }

    /// The group has these offsets now.
    package mutating func noteCommitted(_ offsets: [KafkaPartitionOffset]) {
        for offset in offsets {
            guard let slot = slot(of: offset.partition), entries[slot].isOwned else { continue }
            entries[slot].committed = offset.offset
        }
    }

    /// A commit was refused after all, so everything is told again.
    package mutating func forgetCommitted() {
        for slot in entries.indices { entries[slot].committed = -1 }
    }

    /// Gives a partition up.
    ///
    /// - Returns: the offset after the last record processed.
    @discardableResult
    package mutating func revoke(_ slot: Int) -> Int64 {
        entries[slot].isOwned = false
        return entries[slot].next
    }
}
