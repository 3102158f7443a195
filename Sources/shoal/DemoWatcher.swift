internal import Foundation
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalSimulator
internal import Synchronization

/// Reads `segment-changes` as a subscriber would, on a thread of its own: counts changes, measures their
/// latency and remembers who is where.
final class DemoWatcher: Sendable {
    private struct State {
        var changeCount = 0
        var latency = LatencyMeter()
        /// By customer number; 0 for none.
        var segments: [Int]
        /// The newest change between two segments that an event or time caused, as it was read.
        var newest: [UInt8] = []
        var failure: String?
    }

    /// What the thread has to itself until the batch is over.
    private struct Batch {
        struct Move {
            let customer: Int?
            let segment: Int?
            let latencyMilliseconds: Int64?
        }

        var moves: [Move] = []
        var newest: [UInt8] = []
    }

    private static let recordsPerBatch = 500
    private static let idleMilliseconds: Int32 = 50

    private let state: Mutex<State>
    private let isStopping = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)
    private let started = ContinuousClock.now

    init(customerCount: Int) {
        state = Mutex(State(segments: Array(repeating: 0, count: customerCount)))
    }

    /// Starts to read every partition from its beginning.
    ///
    /// - Parameters:
    ///   - topic: of the changes.
    ///   - partitionCount: of that topic.
    ///   - properties: of the consumer.
    ///   - simulator: any copy; knows the customers' numbers.
    func start(topic: String, partitionCount: Int32, properties: KafkaProperties, simulator: ShopSimulator) {
        let thread = Thread { [self] in
            defer { ended.signal() }
            do throws(KafkaError) {
                let consumer = try KafkaConsumer(group: nil, properties: properties, events: { _ in })
                try consumer.assign(
                    (0..<partitionCount).map {
                        KafkaPartitionOffset(
                            KafkaTopicPartition(topic: topic, partition: $0),
                            offset: KafkaPartitionOffset.beginning)
                    })
                while !isStopping.load(ordering: .relaxed) { poll(consumer, simulator) }
                consumer.close()
            } catch {
                state.withLock { $0.failure = "reading \(topic): \(error)" }
            }
        }
        thread.name = "shoal demo watcher"
        thread.start()
    }

    /// Ends the thread and waits for it.
    func stop() {
        isStopping.store(true, ordering: .relaxed)
        ended.wait()
    }

    var failure: String? { state.withLock { $0.failure } }
    var changeCount: Int { state.withLock { $0.changeCount } }
    /// Of the last seconds.
    var recentLatency: LiveTableContent.Latency? {
        LiveTableContent.Latency(state.withLock { $0.latency.recent })
    }
    var latency: LiveTableContent.Latency? { LiveTableContent.Latency(state.withLock { $0.latency.all }) }
    /// The number of each customer's segment, by the customer's number; 0 for none.
    var segments: [Int] { state.withLock { $0.segments } }

    /// The newest change since it was last asked for.
    func takeNewest() -> DemoChange? {
        let bytes = state.withLock { state in
            let bytes = state.newest
            state.newest = []
            return bytes
        }
        return bytes.isEmpty ? nil : DemoChange(record: bytes)
    }

    private func poll(_ consumer: borrowing KafkaConsumer, _ simulator: ShopSimulator) {
        var batch = Batch()
        let result = consumer.poll(
            limit: Self.recordsPerBatch, timeoutMilliseconds: Self.idleMilliseconds
        ) { (record: borrowing KafkaRecord) in
            Self.take(record, simulator, into: &batch)
        }
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        state.withLock { state in
            for move in batch.moves {
                state.changeCount += 1
                if let customer = move.customer { state.segments[customer] = move.segment ?? 0 }
                if let latency = move.latencyMilliseconds { state.latency.record(milliseconds: latency) }
            }
            state.latency.turn(now: Int64(seconds * 1_000))
            if !batch.newest.isEmpty { state.newest = batch.newest }
            if case .failed(let error) = result.event, error.isFatal { state.failure = "\(error)" }
        }
    }

    /// Latency is measured for changes that an event caused, which carry its record's timestamp; those by a
    /// new model have no event to count from.
    private static func take(
        _ record: borrowing KafkaRecord, _ simulator: ShopSimulator, into batch: inout Batch
    ) {
        guard let value = record.value, let fields = ChangeFields(value) else { return }
        var latency: Int64?
        if fields.isCausedByEvent, let sent = record.timestampMilliseconds {
            latency = Int64(Date().timeIntervalSince1970 * 1_000) - sent
        }
        var customer: Int?
        if let key = record.key {
            customer = simulator.customer(withIdentifier: key.indices.map { key[$0] })
        }
        batch.moves.append(
            Batch.Move(customer: customer, segment: fields.segment, latencyMilliseconds: latency))
        if fields.isCausedByEvent, !fields.isFirst { batch.newest = value.indices.map { value[$0] } }
    }
}
