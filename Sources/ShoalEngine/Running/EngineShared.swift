internal import ShoalCore
internal import ShoalKafka
internal import Synchronization

/// What an engine's threads have in common; they meet here once per batch.
final class EngineShared: Sendable {
    let settings: EngineSettings
    let plan: FeaturePlan
    let log: EngineLog
    let mailbox = ModelMailbox()
    let trainerStatus = Mutex(TrainerStatus())
    let routerStatus = Mutex(RouterStatus())
    let snapshotCounts = Mutex(SnapshotCounts())
    /// Milliseconds of a monotonic clock.
    let clock: @Sendable () -> Int64
    /// False in a simulation, where one thread does everything.
    let hasThreads: Bool
    private let stopping = Atomic<Bool>(false)
    /// Milliseconds of the monotonic clock by which everything is to be over.
    private let deadline = Atomic<Int64>(.max)
    /// Lanes that have not made their last commit yet.
    private let uncommittedLanes = Atomic<Int>(0)
    private let isBrokerPretending = Atomic<Bool>(false)
    private let hasSeenMisplaced = Atomic<Bool>(false)
    private let clusterName = Mutex("")
    private let advertised = Mutex<String?>(nil)
    private let firstFailure = Mutex<EngineError?>(nil)

    init(
        settings: EngineSettings, plan: FeaturePlan, log: EngineLog,
        clock: @escaping @Sendable () -> Int64 = { SystemClock.monotonicMilliseconds },
        hasThreads: Bool = true
    ) {
        self.clock = clock
        self.hasThreads = hasThreads
        self.settings = settings
        self.plan = plan
        self.log = log
    }

    /// What is promised; settled before lanes start.
    var delivery: Delivery {
        isBrokerPretending.load(ordering: .relaxed) ? .atLeastOnce : settings.delivery
    }

    /// Whether lanes are static members of the group; settled before they start.
    var keepsPlace: Bool { settings.keepsPlace && !isBrokerPretending.load(ordering: .relaxed) }

    /// To be told of a development broker, which takes transactions and static members without a word and
    /// keeps neither.
    func meetPretendingBroker() { isBrokerPretending.store(true, ordering: .relaxed) }

    /// Tells the cluster from others, empty if it does not say; settled before lanes start.
    var cluster: String { clusterName.withLock { $0 } }

    func meet(cluster: String) { clusterName.withLock { $0 = cluster } }

    /// Tells the group where this process answers questions; before lanes start.
    func advertise(_ address: String?) { advertised.withLock { $0 = address } }

    /// The lanes' client id, which members of the group can see of each other.
    var clientID: String {
        let name = settings.kafka["client.id"] ?? "shoal"
        return advertised.withLock { address in address.map { "\(name)@\($0)" } ?? name }
    }

    static func address(inClientID id: String) -> String? {
        id.firstIndex(of: "@").map { String(id[id.index(after: $0)...]) }
    }

    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Milliseconds left to stop in; 0 when time is up.
    var millisecondsLeft: Int64 {
        max(0, deadline.load(ordering: .relaxed) - clock())
    }

    /// Asks every thread to end by then; later calls change nothing.
    func requestStop(withinMilliseconds milliseconds: Int64) {
        let wanted = clock() + milliseconds
        _ = deadline.compareExchange(expected: .max, desired: wanted, ordering: .relaxed)
        stopping.store(true, ordering: .releasing)
    }

    var failure: EngineError? { firstFailure.withLock { $0 } }

    /// Ends the engine; the first reason is the one that is told.
    func fail(_ error: EngineError) {
        let isFirst = firstFailure.withLock { failure in
            if failure != nil { return false }
            failure = error
            return true
        }
        if isFirst { log.error("\(error)") }
        requestStop(withinMilliseconds: Self.failureMilliseconds)
    }

    /// Tells what became of a snapshot.
    func snapshotEnded(
        _ header: SnapshotHeader, _ result: Result<Int, SnapshotStoreError>, lane: String
    ) {
        let partition = header.place.partition
        switch result {
        case .success(let bytes):
            snapshotCounts.withLock { $0.saved += 1 }
            log.debug(
                "\(lane): saved \(header.customerCount) customers of partition \(partition), \(bytes) bytes")
        case .failure(let error):
            snapshotCounts.withLock { $0.failed += 1 }
            log.throttledWarning(
                "\(lane) snapshot",
                "\(lane): partition \(partition) is not saved, the snapshot before stays: \(error)")
        }
    }

    /// Where in Kafka snapshots go too; `nil` for nowhere.
    func snapshotTopic(of lane: String) -> SnapshotTopicPlace? {
        settings.snapshots?.topic.map { topic in
            // Without it nothing is lost, so nothing that happens to its clients ends the engine.
            SnapshotTopicPlace(
                topic: topic, group: settings.group, instance: settings.transactionalID(slot: lane),
                kafka: settings.kafka, events: log.sink(client: "\(lane) state topic") { _ in })
        }
    }

    func snapshotNotSent(_ header: SnapshotHeader, _ error: SnapshotTopicError, lane: String) {
        snapshotCounts.withLock { $0.unsent += 1 }
        log.throttledWarning(
            "\(lane) state topic",
            "\(lane): partition \(header.place.partition) is saved here, not in the state's topic: \(error)")
    }

    func sink(client: String) -> KafkaEventSink {
        log.sink(client: client) { [weak self] error in self?.fail(.kafka(part: client, error)) }
    }

    /// For a transactional producer, whose fatal errors are its lane's to judge.
    func sinkOfTransactions(client: String) -> KafkaEventSink { log.sink(client: client) { _ in } }

    /// Whether nobody has asked before.
    func isFirstMisplaced() -> Bool { !hasSeenMisplaced.exchange(true, ordering: .relaxed) }

    func laneStarts() { uncommittedLanes.add(1, ordering: .relaxed) }

    /// A lane has nothing left to commit.
    func laneIsCommitted() { uncommittedLanes.subtract(1, ordering: .acquiringAndReleasing) }

    /// Whether every lane may leave the group: while one leaves, others' commits may be refused.
    var areAllLanesCommitted: Bool { uncommittedLanes.load(ordering: .acquiring) <= 0 }

    /// A failed engine still tries to flush what it has.
    private static let failureMilliseconds: Int64 = 5_000
}
