internal import Dispatch
internal import Foundation
package import Logging
package import ShoalCore
internal import ShoalKafka
internal import Synchronization

/// The daemon: lanes, trainer and model listener, each a thread of its own.
///
/// `start` returns at once; broker and topics may come later. Callable from any thread, but `stop` blocks.
package final class Engine: Sendable {
    private struct State {
        var phase = EngineStatus.Phase.waitingForBroker
        var boards: [LaneBoard] = []
        var partitionCount: Int32 = 0
        var meter = RateMeter()
        var startedAt: Int64 = 0
    }

    private static let askMilliseconds: Int32 = 5_000
    /// The part of the time to stop in, one in so many, that is kept for the process to end.
    private static let reserveShare: Int64 = 5
    private static let backOffMillisecondsMax: Int64 = 10_000
    private static let backOffMillisecondsMin: Int64 = 100

    let shared: EngineShared
    let peers = PeerBook()
    private let follower: (any OutputFollower)?
    private let state = Mutex(State())
    private let threads = DispatchGroup()

    /// An engine that has not started.
    ///
    /// - Parameters:
    ///   - settings: checked by the caller.
    ///   - logger: where it says what it does.
    ///   - follower: told of changes and alerts once they can be read from Kafka; `nil` where nobody is.
    /// - Throws: When the features cannot be compiled.
    package init(
        settings: EngineSettings, logger: Logger, follower: (any OutputFollower)? = nil
    ) throws(FeaturePlanError) {
        precondition(settings.lanes > 0 && !settings.inputTopics.isEmpty, "The settings were checked.")
        let plan = try FeaturePlan(settings.features, keepsLastChange: settings.model.minDwell > 0)
        shared = EngineShared(settings: settings, plan: plan, log: EngineLog(logger))
        self.follower = follower
    }

    var boards: [LaneBoard] { state.withLock { $0.boards } }

    /// Of the input; 0 until it is known.
    package var partitionCount: Int32 { state.withLock { $0.partitionCount } }

    /// Why the engine ended by itself; `nil` while it has not.
    package var failure: EngineError? { shared.failure }

    /// Starts the engine's threads.
    ///
    /// - Parameter address: where this process answers questions, for other members of its group.
    /// - Precondition: It is called once.
    package func start(advertising address: String? = nil) {
        shared.advertise(address)
        state.withLock { $0.startedAt = SystemClock.monotonicMilliseconds }
        if KafkaLibrary.hasKnownIdempotenceBugs {
            shared.log.warning(
                "librdkafka \(KafkaLibrary.version) has known faults in its idempotent producer; "
                    + "use 2.5.3 or newer")
        }
        spawn("control") { () throws(EngineError) in try self.prepareAndRun() }
    }

    /// Stops gracefully: intake ends, work is finished, sent and committed.
    ///
    /// A trainer that is in the middle of a review is not waited for any longer: it commits the summaries it
    /// has read after the model that learned from them, so the next one learns from them again.
    ///
    /// - Parameter milliseconds: after which it returns even if threads are still busy; a fifth earlier if
    ///   only the trainer is.
    /// - Returns: whether everything that lanes had taken in is sent and committed.
    package func stop(withinMilliseconds milliseconds: Int64 = 10_000) -> Bool {
        shared.requestStop(withinMilliseconds: milliseconds)
        state.withLock { $0.phase = .stopping }
        let patience = milliseconds - milliseconds / Self.reserveShare
        for part in [patience, milliseconds - patience] {
            if threads.wait(timeout: SystemClock.deadline(afterMilliseconds: part)) == .success {
                state.withLock { $0.phase = failure == nil ? .stopped : .failed }
                return true
            }
            if status().outstandingRecords == 0, shared.areAllLanesCommitted, failure == nil {
                shared.log.info("trainer: still learning; what it has not published is learned again")
                state.withLock { $0.phase = .stopped }
                return true
            }
        }
        shared.fail(.unfinished(part: "engine", records: status().outstandingRecords))
        return false
    }

    /// What the engine can say of itself now.
    package func status() -> EngineStatus {
        let now = SystemClock.monotonicMilliseconds
        var status = EngineStatus()
        let boards = state.withLock { state in
            status.phase = state.phase
            status.uptimeMilliseconds = state.startedAt == 0 ? 0 : now - state.startedAt
            return state.boards
        }
        if let failure {
            status.phase = .failed
            status.failure = failure.description
        }
        status.lanes = boards.map(\.status)
        let records = status.records
        status.recordsPerSecond = state.withLock { $0.meter.rate(total: records, now: now) }
        status.snapshots = shared.snapshotCounts.withLock { $0 }
        status.trainer = shared.trainerStatus.withLock { $0 }
        if !shared.settings.routed.isEmpty { status.router = shared.routerStatus.withLock { $0 } }
        guard let model = shared.mailbox.model else { return status }
        status.modelVersion = model.version
        status.modelGeneration = model.generation
        var flows: [SegmentFlow] = Array(repeating: SegmentFlow(), count: model.nextSegmentID)
        for lane in status.lanes {
            for (id, flow) in lane.flows.enumerated() where id < flows.count {
                flows[id].members += flow.members
                flows[id].entered += flow.entered
                flows[id].left += flow.left
            }
        }
        status.segments = model.segments.map { segment in
            EngineStatus.Segment(
                id: segment.label, name: segment.name, share: segment.share,
                members: flows[segment.id].members, entered: flows[segment.id].entered,
                left: flows[segment.id].left)
        }
        return status
    }

    // MARK: Start-up, on the control thread

    private func prepareAndRun() throws(EngineError) {
        do {
            try shared.settings.snapshots?.store(ofGroup: shared.settings.group).prepare()
        } catch {
            throw .state(error)
        }
        guard let partitionCount = try prepareTopics() else { return }
        spawn("model") { () throws(EngineError) in
            var listener = try Self.wrapped("model listener") { () throws(KafkaError) in
                try ModelListener(shared: self.shared)
            }
            try listener.runUntilStopped()
            listener.close()
        }
        spawn("trainer") { () throws(EngineError) in
            var loop = try Self.wrapped("trainer") { () throws(KafkaError) in
                try TrainerLoop(shared: self.shared)
            }
            try loop.runUntilStopped()
            loop.close()
        }
        if let follower {
            spawn("follower") { () throws(EngineError) in
                OutputReader(shared: self.shared, follower: follower).runUntilStopped()
            }
        }
        if !shared.settings.routed.isEmpty {
            spawn("router") { () throws(EngineError) in
                var router = Router<KafkaConsumer, KafkaProducer>(
                    shared: self.shared, partitionCount: Int(partitionCount))
                try router.runUntilStopped()
                try router.finish()
                router.close()
            }
        }
        let count = min(shared.settings.lanes, Int(partitionCount))
        let boards = (0..<count).map { _ in LaneBoard() }
        for _ in boards { shared.laneStarts() }
        state.withLock { state in
            state.boards = boards
            state.partitionCount = partitionCount
            state.phase = .running
        }
        for (index, board) in boards.enumerated() {
            spawn("lane \(index)") { () throws(EngineError) in
                try self.runLane(index, partitionCount: Int(partitionCount), board: board)
            }
        }
    }

    private func runLane(_ index: Int, partitionCount: Int, board: LaneBoard) throws(EngineError) {
        var isCommitted = false
        defer { if !isCommitted { shared.laneIsCommitted() } }
        var lane = try Self.wrapped("lane \(index)") { () throws(KafkaError) in
            try Lane<KafkaConsumer, KafkaProducer>(
                index: index, partitionCount: partitionCount, shared: shared, board: board)
        }
        try lane.runUntilStopped()
        try lane.finish()
        shared.laneIsCommitted()
        isCommitted = true
        while !shared.areAllLanesCommitted, shared.millisecondsLeft > 0 { lane.idle() }
        lane.close()
    }

    /// Waits for broker and inputs, and makes the outputs.
    ///
    /// - Returns: The inputs' partition count; `nil` if the engine stops meanwhile.
    private func prepareTopics() throws(EngineError) -> Int32? {
        let check = TopicCheck(settings: shared.settings)
        let admin = try Self.wrapped("start") { () throws(KafkaError) in
            try KafkaAdmin(properties: shared.settings.kafka, events: shared.sink(client: "admin"))
        }
        var backOff = BackOff(
            minMilliseconds: Self.backOffMillisecondsMin, maxMilliseconds: Self.backOffMillisecondsMax)
        var isBrokerAway = false
        var hasNamedMissing = false
        while !shared.isStopping {
            do {
                let counts = try admin.partitionCounts(timeoutMilliseconds: Self.askMilliseconds)
                if isBrokerAway { shared.log.info("the broker answers") }
                isBrokerAway = false
                if let count = try check.inputPartitionCount(counts) {
                    let all = try admin.ensureTopics(
                        check.outputs(partitionCount: count), timeoutMilliseconds: 4 * Self.askMilliseconds)
                    try check.checkOutputs(all, inputPartitionCount: count)
                    settlePromises(admin)
                    return count
                }
                state.withLock { $0.phase = .waitingForTopics }
                if !hasNamedMissing {
                    let missing = check.missingInputs(counts).joined(separator: ", ")
                    shared.log.warning("waiting for input topics that do not exist: \(missing)")
                }
                hasNamedMissing = true
                backOff.reset()
            } catch let error as EngineError {
                throw error
            } catch let error as KafkaError {
                guard error.isRetriable || error.isTimeout else { throw .kafka(part: "start", error) }
                if !isBrokerAway, !shared.log.hasSaidBrokerAway {
                    shared.log.warning("waiting for the broker: \(error)")
                    isBrokerAway = true
                }
            } catch {
                preconditionFailure("Nothing else is thrown above.")
            }
            pause(milliseconds: backOff.next())
        }
        return nil
    }

    /// Gives up exactly once and static membership where the broker could only pretend to them.
    private func settlePromises(_ admin: borrowing KafkaAdmin) {
        shared.meet(cluster: admin.clusterID(timeoutMilliseconds: Self.askMilliseconds) ?? "")
        guard shared.delivery == .exactlyOnce || shared.keepsPlace,
            admin.isMockCluster(timeoutMilliseconds: Self.askMilliseconds)
        else { return }
        shared.meetPretendingBroker()
        shared.log.warning(
            "this is a development broker, which forgets the offsets of transactions and does not know "
                + "static members: delivery is at_least_once, membership dynamic")
    }

    private static func wrapped<Result: ~Copyable>(
        _ part: String, _ body: () throws(KafkaError) -> Result
    ) throws(EngineError) -> Result {
        do {
            return try body()
        } catch {
            throw .kafka(part: part, error)
        }
    }

    /// Waits in short steps, so that a stop is heard.
    private func pause(milliseconds: Int64) {
        let end = SystemClock.monotonicMilliseconds + milliseconds
        while !shared.isStopping, SystemClock.monotonicMilliseconds < end {
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    private func spawn(_ name: String, _ body: @escaping @Sendable () throws(EngineError) -> Void) {
        let (threads, shared) = (threads, shared)
        threads.enter()
        let thread = Thread {
            do throws(EngineError) {
                try body()
            } catch {
                shared.fail(error)
            }
            threads.leave()
        }
        thread.name = "shoal \(name)"
        thread.start()
    }
}
