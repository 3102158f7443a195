import ShoalCore
import ShoalKafka

/// A Kafka cluster of one broker in memory: logs, transactions and groups, on a clock of its own.
///
/// It keeps the rules that exactly-once rests on: a transactional identity has one epoch at a time, what an
/// open transaction wrote is not read, a transaction that takes too long is aborted and its producer fenced,
/// and only a member of the group's present generation adds offsets. Used by one thread.
final class SimulatedBroker {
    /// A record as it lies in a log.
    struct Record: Equatable {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [KafkaHeader] = []
        var timestampMilliseconds: Int64?
    }

    final class Transaction {
        enum State { case open, committed, aborted }

        var state = State.open
        let openedAt: Int64
        var partitions: Set<KafkaTopicPartition> = []
        var offsets: [String: [KafkaTopicPartition: Int64]] = [:]

        init(openedAt: Int64) { self.openedAt = openedAt }
    }

    struct Entry {
        /// `nil` is a marker that ends a transaction.
        var record: Record?
        var transaction: Transaction?
    }

    /// One producer's standing.
    final class Identity {
        var epoch = 0
        var timeoutMilliseconds: Int64 = 10_000
        var transaction: Transaction?
        /// How the newest transaction that has ended did so.
        var last: Transaction.State?
    }

    /// A request to end a transaction that is still on its way.
    private struct StrayEnd {
        let at: Int64
        let identity: String
        let epoch: Int
        let commits: Bool
    }

    /// Milliseconds; moved by whoever runs the simulation and by calls that take time.
    var now: Int64 = 1_000_000
    var network: SimulatedNetwork
    private(set) var logs: [KafkaTopicPartition: [Entry]] = [:]
    private(set) var identities: [String: Identity] = [:]
    private(set) var hosts: [String: SimulatedHost] = [:]
    private(set) var groups: [String: SimulatedGroup] = [:]
    private var strays: [StrayEnd] = []
    /// Identities whose open transaction was ended by a late request of an earlier one.
    var torn: [String] = []
    private var partitionCount: Int32

    init(seed: UInt64, partitionCount: Int32) {
        network = SimulatedNetwork(seed: seed)
        self.partitionCount = partitionCount
    }

    /// Lets time do what it does: strays arrive, patience ends.
    func tick() {
        let arrived = strays.filter { $0.at <= now }
        strays.removeAll { $0.at <= now }
        for stray in arrived {
            SimulatedLog.note(now, "a late request to end \(stray.identity) of epoch \(stray.epoch) arrives")
            let isOpen = identities[stray.identity]?.transaction != nil
            if end(stray.identity, epoch: stray.epoch, commits: stray.commits) == nil, isOpen {
                torn.append(stray.identity)
            }
        }
        for identity in identities.values {
            guard let open = identity.transaction, now - open.openedAt > identity.timeoutMilliseconds else {
                continue
            }
            SimulatedLog.note(now, "a transaction took too long")
            identity.epoch += 1
            finish(identity, commits: false)
        }
        for group in groups.values { group.expire(now: now) }
    }

    /// Puts a new machine in the place of one of that name.
    func start(host name: String) -> SimulatedHost {
        let host = SimulatedHost()
        hosts[name] = host
        return host
    }

    /// The machine that a client's properties name.
    func host(_ properties: KafkaProperties) -> SimulatedHost {
        let name = properties["client.id"] ?? ""
        return hosts[name] ?? start(host: name)
    }

    // MARK: Logs

    func append(_ record: Record, to partition: KafkaTopicPartition) {
        logs[partition, default: []].append(Entry(record: record))
    }

    /// The offset before which nothing is undecided.
    func stableOffset(_ partition: KafkaTopicPartition) -> Int64 {
        let log = logs[partition] ?? []
        return Int64(log.firstIndex { $0.transaction?.state == .open } ?? log.count)
    }

    func end(of partition: KafkaTopicPartition) -> Int64 { Int64(logs[partition]?.count ?? 0) }

    /// The next record at or after an offset that a `read_committed` reader sees.
    func next(_ partition: KafkaTopicPartition, from offset: Int64) -> (offset: Int64, record: Record)? {
        let stable = stableOffset(partition)
        guard let log = logs[partition] else { return nil }
        var offset = max(0, offset)
        while offset < stable {
            let entry = log[Int(offset)]
            if let record = entry.record, entry.transaction?.state != .aborted { return (offset, record) }
            offset += 1
        }
        return nil
    }

    /// Everything that a `read_committed` reader sees of a topic, by partition.
    func committed(_ topic: String) -> [[Record]] {
        (0..<partitionCount).map { number in
            let partition = KafkaTopicPartition(topic: topic, partition: number)
            var found: [Record] = []
            var offset: Int64 = 0
            while let (at, record) = next(partition, from: offset) {
                found.append(record)
                offset = at + 1
            }
            return found
        }
    }

    func group(_ name: String) -> SimulatedGroup {
        if let group = groups[name] { return group }
        let group = SimulatedGroup(name: name, partitionCount: partitionCount)
        groups[name] = group
        return group
    }

    func partitions(of topics: [String]) -> [KafkaTopicPartition] {
        topics.flatMap { topic in
            (0..<partitionCount).map { KafkaTopicPartition(topic: topic, partition: $0) }
        }
    }

    /// Deletes a topic and makes it again, empty.
    func makeAnew(_ topic: String) {
        for partition in logs.keys where partition.topic == topic { logs[partition] = nil }
    }

    /// Gives every topic more partitions, and every group the news.
    func addPartitions(_ count: Int32) {
        partitionCount += count
        for group in groups.values { group.addPartitions(count) }
    }

    // MARK: Transactions

    enum Refusal: Error { case fenced, stateOfTransaction, generation }

    /// Fences earlier producers of an identity and aborts what they left open.
    func initialise(_ name: String, timeoutMilliseconds: Int64) -> Int {
        let identity = identities[name] ?? Identity()
        identities[name] = identity
        identity.timeoutMilliseconds = timeoutMilliseconds
        identity.epoch += 1
        SimulatedLog.note(now, "init \(name) epoch \(identity.epoch) open \(identity.transaction != nil)")
        if identity.transaction != nil { finish(identity, commits: false) }
        identity.last = nil
        return identity.epoch
    }

    private func current(_ name: String, epoch: Int) throws(Refusal) -> (Identity, Transaction) {
        guard let identity = identities[name], identity.epoch == epoch else { throw .fenced }
        let transaction = identity.transaction ?? Transaction(openedAt: now)
        identity.transaction = transaction
        return (identity, transaction)
    }

    func append(
        _ record: Record, to partition: KafkaTopicPartition, by name: String, epoch: Int
    ) throws(Refusal) {
        let (_, transaction) = try current(name, epoch: epoch)
        transaction.partitions.insert(partition)
        logs[partition, default: []].append(Entry(record: record, transaction: transaction))
    }

    func addOffsets(
        _ offsets: [KafkaPartitionOffset], of membership: SimulatedMembership, by name: String, epoch: Int
    ) throws(Refusal) {
        let (_, transaction) = try current(name, epoch: epoch)
        guard let group = groups[membership.group], group.accepts(membership) else { throw .generation }
        for offset in offsets {
            transaction.offsets[group.name, default: [:]][offset.partition] = offset.offset
        }
    }

    /// Ends an identity's transaction; asked again in the same way, it has ended already.
    ///
    /// - Returns: why not, or `nil`.
    func end(_ name: String, epoch: Int, commits: Bool) -> Refusal? {
        guard let identity = identities[name], identity.epoch == epoch else { return .fenced }
        SimulatedLog.note(
            now, "end \(name) epoch \(epoch) commits \(commits) open \(identity.transaction != nil)")
        guard identity.transaction != nil else {
            let wanted: Transaction.State = commits ? .committed : .aborted
            return identity.last == nil || identity.last == wanted ? nil : .stateOfTransaction
        }
        finish(identity, commits: commits)
        return nil
    }

    /// Has a copy of a request arrive later.
    func endLater(_ name: String, epoch: Int, commits: Bool, afterMilliseconds delay: Int64) {
        strays.append(StrayEnd(at: now + delay, identity: name, epoch: epoch, commits: commits))
    }

    private func finish(_ identity: Identity, commits: Bool) {
        guard let transaction = identity.transaction else { return }
        transaction.state = commits ? .committed : .aborted
        identity.last = transaction.state
        identity.transaction = nil
        for partition in transaction.partitions {
            logs[partition, default: []].append(Entry(record: nil))
        }
        guard commits else { return }
        for (group, offsets) in transaction.offsets {
            for (partition, offset) in offsets {
                SimulatedLog.note(now, "committed \(partition)@\(offset)")
                groups[group]?.committed[partition] = offset
            }
        }
    }

    /// Whether an open transaction is about to change a group's offsets, which are then not told.
    func hasPendingOffsets(_ group: String, of partitions: [KafkaTopicPartition]) -> Bool {
        identities.values.contains { identity in
            guard let offsets = identity.transaction?.offsets[group] else { return false }
            return partitions.contains { offsets[$0] != nil }
        }
    }
}
