@testable import ShoalEngine
@testable import ShoalKafka

/// A consumer of the simulated broker, with the manners of the real one.
final class SimulatedConsumer: LaneConsumer {
    private struct Position {
        var offset: Int64
        var isPaused = false
        /// The end that has been told of.
        var toldEnd: Int64 = -1
        /// Behind an end that has moved back, and it has been said.
        var isLost = false
    }

    private enum Question { case assign, unassign }

    private let broker: SimulatedBroker
    private let host: SimulatedHost
    private let group: String?
    private let tellsEnds: Bool
    private let sessionMilliseconds: Int64
    /// Whether a place that is gone is an error, or left for the first record without a word.
    private let tellsLostPlaces: Bool
    private(set) var topics: [String] = []
    private var subscription: [String] = []
    private var member: Int?
    private var generation = 0
    private var positions: [KafkaTopicPartition: Position] = [:]
    /// In the order in which they are read next.
    private var order: [KafkaTopicPartition] = []
    private var assignment: [KafkaTopicPartition] = []
    private var question: Question?

    init(group: String?, properties: KafkaProperties, events: @escaping KafkaEventSink) {
        broker = SimulatedClusters.broker(at: properties["bootstrap.servers"] ?? "")
        host = broker.host(properties)
        self.group = group
        tellsEnds = properties["enable.partition.eof"] == "true"
        tellsLostPlaces = properties["auto.offset.reset"] == "error"
        sessionMilliseconds = properties["session.timeout.ms"].flatMap { Int64($0) } ?? 30_000
    }

    /// Whether the group counts on it now; a process that was paused for long still believes so.
    var isMember: Bool { groupMetadata().map { broker.group($0.group).accepts($0) } ?? false }

    func close() {
        guard let member, let group, host.passes() else { return }
        broker.groups[group]?.leave(member)
        self.member = nil
    }

    func subscribe(_ topics: [String]) {
        subscription = topics
        for topic in topics { number(of: topic) }
    }

    @discardableResult
    private func number(of topic: String) -> Int {
        if let index = topics.firstIndex(of: topic) { return index }
        topics.append(topic)
        return topics.count - 1
    }

    // MARK: Polling

    func poll<Failure: Error>(
        limit: Int, timeoutMilliseconds: Int32, _ body: (borrowing KafkaRecord) throws(Failure) -> Void
    ) throws(Failure) -> KafkaPollResult {
        broker.now += 1
        broker.tick()
        guard host.passes() else { return KafkaPollResult(recordCount: 0, event: nil) }
        answerByDefault()
        if let event = attendGroup() { return KafkaPollResult(recordCount: 0, event: event) }
        if let event = lostPlace() { return KafkaPollResult(recordCount: 0, event: event) }
        let wanted = broker.network.number(in: 1...max(1, min(limit, 40)))
        var count = 0
        for partition in order {
            guard count < wanted, var position = positions[partition], !position.isPaused else { continue }
            let index = number(of: partition.topic)
            while count < wanted, let (offset, record) = broker.next(partition, from: position.offset) {
                position.offset = offset + 1
                positions[partition] = position
                count += 1
                let lent = KafkaRecord(
                    topicIndex: index, partition: partition.partition, offset: offset,
                    timestampMilliseconds: record.timestampMilliseconds, headers: record.headers,
                    key: record.key?.span, value: record.value?.span)
                try body(lent)
            }
        }
        if order.count > 1 { order.append(order.removeFirst()) }
        if count == 0 { broker.now += Int64(broker.network.number(in: 0...Int(timeoutMilliseconds))) }
        return KafkaPollResult(
            recordCount: count, isFull: count == wanted, event: count < wanted ? endReached() : nil)
    }

    /// A partition that ends before the place it was to be read from.
    private func lostPlace() -> KafkaConsumerEvent? {
        for partition in order {
            guard let position = positions[partition], position.offset > broker.end(of: partition),
                !position.isLost
            else { continue }
            guard tellsLostPlaces else {
                positions[partition] = Position(offset: 0, isPaused: position.isPaused)
                continue
            }
            positions[partition]?.isLost = true
            return .failed(.simulated("_AUTO_OFFSET_RESET", code: -140))
        }
        return nil
    }

    private func endReached() -> KafkaConsumerEvent? {
        guard tellsEnds else { return nil }
        for partition in order {
            guard var position = positions[partition], !position.isPaused else { continue }
            let end = broker.stableOffset(partition)
            guard broker.next(partition, from: position.offset) == nil, position.toldEnd < end || end == 0,
                position.toldEnd != end
            else { continue }
            position.offset = max(position.offset, end)
            position.toldEnd = end
            positions[partition] = position
            return .endOfPartition(KafkaPartitionOffset(partition, offset: position.offset))
        }
        return nil
    }

    /// Serves the group and tells what it wants.
    private func attendGroup() -> KafkaConsumerEvent? {
        guard let name = group, !subscription.isEmpty else { return nil }
        let group = broker.group(name)
        guard let id = member, let own = group.members[id] else {
            member = group.join(
                topics: subscription, sessionMilliseconds: sessionMilliseconds, now: broker.now)
            guard !assignment.isEmpty else { return nil }
            question = .unassign
            return .lost(assignment)
        }
        own.lastSeen = broker.now
        if group.isRebalancing {
            guard !own.isReady else { return nil }
            own.isNews = false
            guard !assignment.isEmpty else {
                group.makeReady(id)
                return nil
            }
            question = .unassign
            return .revoked(assignment)
        }
        guard own.isNews else { return nil }
        own.isNews = false
        generation = group.generation
        assignment = own.assignment
        question = .assign
        return .assigned(assignment)
    }

    private func answerByDefault() {
        switch question {
        case .assign: preconditionFailure("A lane answers every assignment.")
        case .unassign: preconditionFailure("A lane answers every revocation.")
        case nil: break
        }
    }

    // MARK: Assignment

    var isRebalancing: Bool { question != nil }

    func assign(_ offsets: [KafkaPartitionOffset]) {
        question = nil
        positions = [:]
        order = []
        for offset in offsets {
            number(of: offset.partition.topic)
            let start = offset.offset == KafkaPartitionOffset.beginning ? 0 : offset.offset
            precondition(start >= 0, "Lanes say where they read from.")
            positions[offset.partition] = Position(offset: start)
            order.append(offset.partition)
        }
    }

    func unassign() {
        question = nil
        positions = [:]
        order = []
        assignment = []
        if let group, let member, host.passes() { broker.groups[group]?.makeReady(member) }
    }

    func pause(_ partitions: [KafkaTopicPartition]) {
        for partition in partitions { positions[partition]?.isPaused = true }
    }

    func resume(_ partitions: [KafkaTopicPartition]) {
        for partition in partitions { positions[partition]?.isPaused = false }
    }

    // MARK: Offsets

    func committed(
        _ partitions: [KafkaTopicPartition], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64] {
        try ask(timeoutMilliseconds)
        guard let group else { return [:] }
        // A transaction that is being decided makes the offsets unstable.
        if broker.hasPendingOffsets(group, of: partitions) {
            broker.now += 100
            // Who waits for the end of a transaction must see it time out.
            broker.tick()
            throw .simulated("UNSTABLE_OFFSET_COMMIT", code: 88, isRetriable: true)
        }
        let known = broker.group(group).committed
        return Dictionary(
            uniqueKeysWithValues: partitions.compactMap { partition in
                known[partition].map { (partition, $0) }
            })
    }

    func watermarks(
        _ partition: KafkaTopicPartition, timeoutMilliseconds: Int32
    ) throws(KafkaError) -> Range<Int64> {
        try ask(timeoutMilliseconds)
        return 0..<broker.end(of: partition)
    }

    private func ask(_ timeoutMilliseconds: Int32) throws(KafkaError) {
        try host.check()
        broker.now += 1
        if broker.network.fate() == .answered { return }
        broker.now += Int64(timeoutMilliseconds)
        throw .simulated("_TIMED_OUT", code: -185, isRetriable: true)
    }

    func cachedWatermarks(_ partition: KafkaTopicPartition) -> Range<Int64>? { nil }

    func groupMetadata() -> SimulatedMembership? {
        guard let group, let member else { return nil }
        return SimulatedMembership(group: group, member: member, generation: generation)
    }

    func commit(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        try host.check()
        broker.now += 1
        guard let membership = groupMetadata(), broker.group(membership.group).accepts(membership) else {
            throw .simulated("ILLEGAL_GENERATION", code: 22)
        }
        for offset in offsets { broker.group(membership.group).committed[offset.partition] = offset.offset }
    }

    func commitWithoutWaiting(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) { try commit(offsets) }
}

extension KafkaError {
    /// An error as librdkafka would make it.
    static func simulated(
        _ name: String, code: Int32, isFatal: Bool = false, isRetriable: Bool = false,
        requiresAbort: Bool = false
    ) -> KafkaError {
        KafkaError(
            code: code, name: name, what: "simulated", place: "simulation", advice: "none", property: nil,
            isFatal: isFatal, isRetriable: isRetriable, requiresAbort: requiresAbort)
    }
}
