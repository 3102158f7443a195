@testable import ShoalEngine
@testable import ShoalKafka

/// A transactional producer of the simulated broker, with librdkafka's manners: it queues, sends in order,
/// repeats what is lost, and says how each call ended.
final class SimulatedProducer: LaneProducer {
    private struct Queued {
        let partition: KafkaTopicPartition
        let record: SimulatedBroker.Record
    }

    private static let queueMax = 400

    private let broker: SimulatedBroker
    private let host: SimulatedHost
    private let identity: String
    private let timeoutMilliseconds: Int64
    private let requestMilliseconds: Int64
    private var topics: [String] = []
    private var queue: [Queued] = []
    private var epoch: Int?
    private var isInTransaction = false
    private var fatal: KafkaError?
    private var ownClosedConnectionCount = 0

    init(
        properties: KafkaProperties, queueFullWaitMillisecondsMax: Int, events: @escaping KafkaEventSink
    ) {
        broker = SimulatedClusters.broker(at: properties["bootstrap.servers"] ?? "")
        host = broker.host(properties)
        identity = properties["transactional.id"] ?? ""
        timeoutMilliseconds = properties["transaction.timeout.ms"].flatMap { Int64($0) } ?? 10_000
        requestMilliseconds = properties["socket.timeout.ms"].flatMap { Int64($0) } ?? 5_000
    }

    /// What the lane hears of; in a network that hides its losses, nothing.
    var closedConnectionCount: Int {
        broker.network.hidesLosses ? 0 : ownClosedConnectionCount + host.closedConnectionCount
    }

    func close() { queue = [] }

    func topic(_ name: String) -> KafkaTopicHandle {
        topics.append(name)
        return KafkaTopicHandle(index: topics.count - 1)
    }

    var outstandingCount: Int { queue.count }

    // MARK: Records

    func produce(
        to topic: KafkaTopicHandle, partition: Int32?, key: Span<UInt8>?, value: Span<UInt8>?,
        headers: [KafkaHeader], timestampMilliseconds: Int64?
    ) throws(KafkaError) {
        try enqueue(
            to: topic, partition: partition, key: Self.copy(key), value: Self.copy(value), headers: headers,
            timestampMilliseconds: timestampMilliseconds)
    }

    func produce(
        to topic: KafkaTopicHandle, partition: Int32?, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer?
    ) throws(KafkaError) {
        // Safe: copied before the call returns.
        let bytes = unsafe value.map { unsafe Array($0) }
        try unsafe enqueue(
            to: topic, partition: partition, key: Array(key), value: bytes, headers: [],
            timestampMilliseconds: nil)
    }

    private static func copy(_ bytes: Span<UInt8>?) -> [UInt8]? {
        guard let bytes else { return nil }
        return bytes.indices.map { bytes[$0] }
    }

    private func enqueue(
        to topic: KafkaTopicHandle, partition: Int32?, key: [UInt8]?, value: [UInt8]?,
        headers: [KafkaHeader], timestampMilliseconds: Int64?
    ) throws(KafkaError) {
        precondition(isInTransaction, "A transactional producer takes records in a transaction only.")
        try checkAlive()
        guard queue.count < Self.queueMax else { throw .simulated("_QUEUE_FULL", code: -184) }
        let target = KafkaTopicPartition(topic: topics[topic.index], partition: partition ?? 0)
        queue.append(
            Queued(
                partition: target,
                record: SimulatedBroker.Record(
                    key: key, value: value, headers: headers, timestampMilliseconds: timestampMilliseconds)))
    }

    func poll(timeoutMilliseconds: Int32) {
        broker.now += Int64(min(timeoutMilliseconds, 5))
        broker.tick()
        // Some of what is queued is on its way already.
        try? send(count: broker.network.number(in: 0...40))
    }

    func flush(timeoutMilliseconds: Int32) throws(KafkaError) { try send(count: queue.count) }

    // A lane without transactions waits for these; this broker knows no such lane.
    var hasReachedMark: Bool { queue.isEmpty }
    func mark() {}
    func throwDeliveryFailure() {}

    private func send(count: Int) throws(KafkaError) {
        guard let epoch else { return }
        try host.check()
        let taken = min(count, queue.count)
        for queued in queue.prefix(taken) {
            do {
                try broker.append(queued.record, to: queued.partition, by: identity, epoch: epoch)
            } catch {
                throw fenced()
            }
        }
        queue.removeFirst(taken)
    }

    // MARK: Transactions

    func initialiseTransactions(timeoutMilliseconds: Int32) throws(KafkaError) {
        try host.check()
        broker.now += 1
        let fate = broker.network.fate()
        if fate != .requestLost {
            epoch = broker.initialise(identity, timeoutMilliseconds: self.timeoutMilliseconds)
        }
        if fate != .answered {
            broker.now += Int64(timeoutMilliseconds)
            throw .simulated("_TIMED_OUT", code: -185, isRetriable: true)
        }
    }

    func beginTransaction() throws(KafkaError) {
        try checkAlive()
        precondition(epoch != nil && !isInTransaction)
        isInTransaction = true
    }

    func sendOffsets(
        _ offsets: [KafkaPartitionOffset], membership: SimulatedMembership, timeoutMilliseconds: Int32
    ) throws(KafkaError) {
        try checkAlive()
        broker.now += 1
        let fate = broker.network.fate()
        if fate != .requestLost, let epoch {
            do {
                try broker.addOffsets(offsets, of: membership, by: identity, epoch: epoch)
            } catch .generation {
                throw .simulated("ILLEGAL_GENERATION", code: 22, requiresAbort: true)
            } catch {
                throw fenced()
            }
        }
        guard fate != .answered else { return }
        broker.now += Int64(timeoutMilliseconds)
        ownClosedConnectionCount += 1
        throw .simulated("_TIMED_OUT", code: -185, isRetriable: true)
    }

    func commitTransaction(timeoutMilliseconds: Int32) throws(KafkaError) {
        precondition(timeoutMilliseconds > 0, "A call without an end is a lane that hangs.")
        try checkAlive()
        try send(count: queue.count)
        try end(commits: true)
    }

    func abortTransaction(timeoutMilliseconds: Int32) throws(KafkaError) {
        precondition(timeoutMilliseconds > 0, "A call without an end is a lane that hangs.")
        try checkAlive()
        queue = []
        try end(commits: false)
    }

    private func end(commits: Bool) throws(KafkaError) {
        guard let epoch else { preconditionFailure("Transactions were initialised.") }
        try host.check()
        broker.now += 2
        broker.tick()
        // A request that is held up on the way: the client sends it again, and both arrive.
        let isStray = broker.network.isStray()
        if isStray {
            ownClosedConnectionCount += 1
            broker.endLater(
                identity, epoch: epoch, commits: commits,
                afterMilliseconds: Int64(broker.network.number(in: 1...150)))
        }
        let fate = broker.network.fate()
        if fate != .requestLost, let refusal = broker.end(identity, epoch: epoch, commits: commits) {
            switch refusal {
            case .fenced: throw fenced()
            case .generation, .stateOfTransaction:
                throw .simulated("INVALID_TXN_STATE", code: 48, isFatal: true)
            }
        }
        // The moment after the broker's decision, before anybody here knows.
        try host.check()
        guard fate == .answered else {
            broker.now += requestMilliseconds
            ownClosedConnectionCount += 1
            throw .simulated("_TIMED_OUT", code: -185, isRetriable: true)
        }
        isInTransaction = false
    }

    private func checkAlive() throws(KafkaError) {
        try host.check()
        if let fatal { throw fatal }
    }

    private func fenced() -> KafkaError {
        let error = KafkaError.simulated("_FENCED", code: -144, isFatal: true)
        fatal = error
        return error
    }
}
