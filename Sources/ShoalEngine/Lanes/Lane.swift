internal import ShoalCore
internal import ShoalKafka

/// One thread's consumer, producer and partitions: poll, process, send, commit, in one plain loop.
///
/// Lanes share nothing but the newest model and the flag to stop; a rebalance is one lane's affair alone.
struct Lane<Consumer: LaneConsumer & ~Copyable, Producer: LaneProducer & ~Copyable>: ~Copyable
where Consumer.Membership == Producer.Membership {
    /// Records between two looks at everything else: about a millisecond of work.
    private static var recordsPerBatch: Int { 1_000 }
    /// The same while somebody asks about customers: a fraction of a millisecond.
    private static var recordsPerBatchAsked: Int { 250 }
    private static var idleMilliseconds: Int32 { 100 }
    private static var blockedMilliseconds: Int32 { 10 }
    /// Between two lots of customers who are assigned anew.
    private static var pacedMilliseconds: Int32 { 1 }
    private static var publishMilliseconds: Int64 { 200 }
    /// Questions answered between two batches: a tenth of a millisecond of work or two.
    private static var answersPerBatch: Int { 32 }
    /// How long a lane that is asked something rests for shorter times, so that the next answer is prompt.
    private static var attentionMilliseconds: Int64 { 5_000 }
    private static var attentiveMilliseconds: Int32 { 5 }
    /// One attempt to flush while running; the work is committed next time if the broker is slower.
    private static var flushMilliseconds: Int32 { 2_000 }

    let name: String
    let shared: EngineShared
    let consumer: Consumer
    private let board: LaneBoard
    var work: LaneWork<Producer>
    var commit: CommitStep
    var ending = TransactionEnd()
    /// Partitions that an abort has dropped and that are to be recovered, and when.
    var reopening: [KafkaTopicPartition] = []
    var reopenAt: Int64 = 0
    /// Whether the group's offsets are known to be none that the input still has.
    var hasLostPlace = false
    var lostPlaceCount = 0
    /// Of a lane without transactions; they keep their own.
    var losses = LossStreak()
    var recovery: Recovery<Consumer>?
    /// Partitions given up and not asked for by anybody else yet.
    var parked: [Int32: LanePartition] = [:]
    /// Where the parked partitions stand, by number and slot.
    var parkedOffsets: [Int32: [Int: Int64]] = [:]
    var isPaused = false
    /// Whether the group has said which partitions are the lane's, if any.
    var hasJoined = false
    /// Whether the model in force was known once, or that there was none.
    private var hasModel = false
    var recoveredCount = 0
    /// `nil` if nothing is saved.
    var saving: Saving?
    /// By number: the generation of the model that a partition's snapshot was decided by.
    var snapshotGenerations: [Int32: Int] = [:]
    /// The end of each slot's partition when it was assigned, until a fetch tells it afresh.
    var endsAtAssignment: [Int: Int64] = [:]
    var committedAt: Int64?
    private var publishedAt: Int64 = 0
    private var askedAt: Int64 = .min / 2

    init(index: Int, partitionCount: Int, shared: EngineShared, board: LaneBoard) throws(KafkaError) {
        let name = "lane \(index)"
        let settings = shared.settings
        var properties = settings.readerProperties
        // A place that is gone must never be jumped over silently: whether that is wanted is asked in
        // `acceptsGaps`, and where to go on is the lane's to choose, as is a start without a commit.
        properties["auto.offset.reset"] = "error"
        properties.setDefaults(["enable.partition.eof": "true"])
        properties["client.id"] = shared.clientID
        if shared.keepsPlace { properties["group.instance.id"] = settings.transactionalID(slot: name) }
        let consumer = try Consumer(
            group: settings.group, properties: properties, events: shared.sink(client: "\(name) consumer"))
        try consumer.subscribe(settings.inputTopics)
        let isExact = shared.delivery == .exactlyOnce
        let client = "\(name) producer"
        let output = try LaneOutput<Producer>(
            settings: settings, transactionalID: isExact ? settings.transactionalID(slot: name) : nil,
            events: isExact ? shared.sinkOfTransactions(client: client) : shared.sink(client: client))
        self.consumer = consumer
        work = LaneWork(shared: shared, partitionCount: partitionCount, output: output)
        self.name = name
        self.shared = shared
        self.board = board
        commit = CommitStep(
            intervalMilliseconds: settings.commitIntervalMilliseconds,
            now: shared.clock())
        recovery = nil
        saving = shared.settings.snapshots.map { snapshots in
            let recorder = SnapshotRecorder(
                store: snapshots.store(ofGroup: settings.group), name: name,
                place: shared.snapshotTopic(of: name), isInBackground: shared.hasThreads,
                report: { shared.snapshotEnded($0, $1, lane: name) },
                topicReport: { shared.snapshotNotSent($0, $1, lane: name) })
            return Saving(recorder: recorder, roundMilliseconds: snapshots.intervalMilliseconds * 5 / 6)
        }
    }

    /// Leaves the group and frees the clients.
    consuming func close() {
        board.inbox.close()
        consumer.close()
        work.close()
        recovery?.close()
    }

    /// Serves the clients for a moment, with nothing left to do.
    func idle() { work.output.producer.poll(timeoutMilliseconds: Self.blockedMilliseconds) }

    // MARK: The loop

    /// Works until the engine stops.
    ///
    /// - Throws: What ends the engine.
    mutating func runUntilStopped() throws(EngineError) {
        try start()
        while !shared.isStopping { try step() }
    }

    /// To be called once, before the first step.
    ///
    /// - Throws: What ends the engine.
    mutating func start() throws(EngineError) {
        // Before the group's offsets are asked for: a predecessor's transaction may be pending on them.
        try settle()
    }

    /// One batch, and what it leads to.
    ///
    /// - Throws: What ends the engine.
    mutating func step() throws(EngineError) {
        work.now = shared.clock()
        try reopen()
        try turn()
        try commitIfDue()
        answerQuestions()
        if work.now - publishedAt >= Self.publishMilliseconds { publish() }
    }

    private var isAsked: Bool { work.now - askedAt < Self.attentionMilliseconds }

    /// Answers some of the questions about customers that wait.
    private mutating func answerQuestions() {
        guard !board.inbox.isEmpty else { return }
        askedAt = work.now
        for question in board.inbox.take(limit: Self.answersPerBatch) {
            question.answer(isRecovering ? .recovering : answer(question))
        }
    }

    private func answer(_ question: LaneInbox.Question) -> CustomerAnswer {
        guard let partition = question.partition else { return work.answer(about: question.customer) }
        return work.answer(about: question.customer, partition: partition)
    }

    private mutating func turn() throws(EngineError) {
        let event: KafkaConsumerEvent?
        do {
            event = recovery == nil ? try workOneBatch() : try recoverOneBatch()
        } catch let error as EngineError {
            throw error
        } catch let error as KafkaError {
            throw .kafka(part: name, error)
        } catch {
            preconditionFailure("Nothing else is thrown above.")
        }
        if let event { try handle(event) }
    }

    private mutating func recoverOneBatch() throws(KafkaError) -> KafkaConsumerEvent? {
        let event = poll(timeoutMilliseconds: 0).event
        try recover()
        return event
    }

    /// One batch, and everything that is looked at after a batch.
    private mutating func workOneBatch() throws -> KafkaConsumerEvent? {
        guard hasModel || shared.mailbox.isCaughtUp else {
            // Whoever decides before the model in force is known decides differently than before a restart.
            try setPaused(true)
            return poll(timeoutMilliseconds: Self.blockedMilliseconds).event
        }
        hasModel = true
        var event: KafkaConsumerEvent?
        let isDrained: Bool
        do throws(KafkaError) {
            try work.followModel()
            let idleMilliseconds =
                work.isReassigning
                ? Self.pacedMilliseconds : isAsked ? Self.attentiveMilliseconds : Self.idleMilliseconds
            let polled = poll(timeoutMilliseconds: isPaused ? Self.blockedMilliseconds : idleMilliseconds)
            event = polled.event
            continueSnapshot()
            work.cutSummaries()
            isDrained = try work.output.drain(
                now: work.now, gathers: polled.isFull && !commit.isDue(now: work.now))
        } catch {
            try outputFailed(error)
            return event
        }
        if work.output.transaction == nil, work.timings.isWaiting, work.output.isDrained {
            work.timings.settle(now: SystemClock.epochMilliseconds)
        }
        try setPaused(!isDrained)
        return event
    }

    private mutating func poll(timeoutMilliseconds: Int32) -> KafkaPollResult {
        let limit = isAsked ? Self.recordsPerBatchAsked : Self.recordsPerBatch
        let result = consumer.poll(limit: limit, timeoutMilliseconds: timeoutMilliseconds) {
            (record: borrowing KafkaRecord) in
            work.take(record)
        }
        work.finishRecords()
        return result
    }

    /// Stops and restarts the flow of records; the group is served all the same.
    private mutating func setPaused(_ shouldPause: Bool) throws(KafkaError) {
        guard shouldPause != isPaused else { return }
        let partitions = work.ledger.ownedSlots.map { work.ledger.partition(at: $0) }
        if shouldPause {
            try consumer.pause(partitions)
            if hasModel {
                shared.log.throttledWarning(
                    "\(name) blocked", "\(name): the broker is slower than the input; paused")
            }
        } else {
            try consumer.resume(partitions)
        }
        isPaused = shouldPause
    }

    /// Publishes what the lane can say of itself.
    mutating func publish(phase: LaneStatus.Phase? = nil) {
        publishedAt = work.now
        work.timings.turn(now: work.now)
        var status = LaneStatus()
        work.describe(&status)
        status.hasJoined = hasJoined
        status.phase = phase ?? currentPhase(hasPartitions: !status.partitions.isEmpty)
        status.recoveredRecords = recoveredCount
        status.lostPlaces = lostPlaceCount
        status.committedAtEpochMilliseconds = committedAt
        for slot in work.ledger.ownedSlots {
            let cached = consumer.cachedWatermarks(work.ledger.partition(at: slot))?.upperBound ?? 0
            let end = max(cached, endsAtAssignment[slot] ?? 0)
            let lag = max(0, end - work.ledger.next(of: slot))
            let partition = work.ledger.partition(at: slot)
            status.lags.append(
                PartitionLag(topic: partition.topic, partition: partition.partition, records: lag))
        }
        if status.counters.displaced > 0 {
            shared.log.throttledWarning(
                "\(name) displaced",
                "\(name): limits.max_customers is reached: \(status.counters.displaced) customers who were idle "
                    + "had to make room")
        }
        board.publish(status)
    }

    /// Whether partitions are being brought back, or are about to be.
    var isRecovering: Bool { recovery != nil || !reopening.isEmpty }

    private func currentPhase(hasPartitions: Bool) -> LaneStatus.Phase {
        if isRecovering { return .recovering }
        guard hasPartitions else { return .joining }
        return isPaused ? .paused : .live
    }

    // MARK: Commits

    /// Flushes and commits what is processed.
    ///
    /// - Parameters:
    ///   - flushMilliseconds: how long to wait for the broker to take the outputs.
    ///   - awaitsAnswer: whether to wait for the group's answer as well.
    /// - Returns: whether everything processed is committed, as far as is known.
    /// - Throws: What ends the engine.
    @discardableResult
    mutating func commitNow(
        flushMilliseconds: Int32 = Self.flushMilliseconds, awaitsAnswer: Bool = false
    ) throws(EngineError) -> Bool {
        if work.output.transaction != nil { return try commitTransaction() }
        guard work.output.isDrained else { return false }
        let started = shared.clock()
        // Copies, because what lends itself to the step may not be looked at meanwhile.
        var step = commit
        var ledger = work.ledger
        let outcome: CommitStep.Outcome
        do {
            outcome = try step.run(
                ledger: &ledger, now: work.now,
                flush: { () throws(KafkaError) in
                    try work.output.producer.flush(timeoutMilliseconds: flushMilliseconds)
                },
                commit: { (offsets) throws(KafkaError) in
                    if awaitsAnswer {
                        try consumer.commit(offsets)
                    } else {
                        try consumer.commitWithoutWaiting(offsets)
                    }
                })
        } catch {
            try outputFailed(error)
            return false
        }
        commit = step
        work.ledger = ledger
        return note(outcome, milliseconds: shared.clock() - started)
    }

    /// Commits when it is time to, without waiting for outputs where that can be helped.
    private mutating func commitIfDue() throws(EngineError) {
        if commit.isPending { try finishCommit() }
        guard commit.isDue(now: work.now) else { return }
        if work.output.transaction != nil || partitionToSave() != nil {
            if try commitNow() { beginSnapshotIfDue() }
        } else if work.output.isDrained, work.output.producer.hasReachedMark,
            commit.begin(work.ledger, now: work.now)
        {
            work.output.producer.mark()
        }
    }

    /// Commits the offsets whose outputs have been on their way, if they have arrived.
    private mutating func finishCommit() throws(EngineError) {
        let waited = commit.waitedMilliseconds(now: work.now)
        guard work.output.producer.hasReachedMark else {
            if waited >= Int64(Self.flushMilliseconds) {
                shared.log.throttledWarning(
                    "\(name) commit", "\(name): not committed yet: the broker has not taken all outputs")
            }
            return
        }
        var step = commit
        var ledger = work.ledger
        let outcome: CommitStep.Outcome
        do {
            try work.output.producer.throwDeliveryFailure()
            outcome = try step.finish(
                ledger: &ledger,
                commit: { (offsets) throws(KafkaError) in try consumer.commitWithoutWaiting(offsets) })
        } catch {
            return try outputFailed(error)
        }
        commit = step
        work.ledger = ledger
        _ = note(outcome, milliseconds: waited)
    }

    /// - Returns: whether everything that was to be committed is.
    private mutating func note(_ outcome: CommitStep.Outcome, milliseconds: Int64) -> Bool {
        switch outcome {
        case .nothingToDo: return true
        case .committed:
            losses.end()
            committedAt = SystemClock.epochMilliseconds
            work.timings.noteCommit(milliseconds: milliseconds)
            return true
        case .postponed(let error):
            shared.log.throttledWarning(
                "\(name) commit", "\(name): not committed yet, trying again: \(error)")
        case .refused(let error):
            shared.log.throttledWarning(
                "\(name) commit",
                "\(name): commit refused, the next owner repeats the work: \(error)")
        }
        return false
    }

    /// Sends and commits everything, within the time the engine has left.
    ///
    /// - Throws: Also when records are left over.
    mutating func finish() throws(EngineError) {
        let isWhole = !isRecovering
        recovery.take()?.close()
        work.cutSummaries(all: true)
        let flushMilliseconds = Int32(clamping: shared.millisecondsLeft / 2)
        let isCommitted = try drainAndCommit(
            withinMilliseconds: Int32(clamping: shared.millisecondsLeft),
            flushMilliseconds: flushMilliseconds)
        if isWhole, isCommitted { saveAll(withinMilliseconds: shared.millisecondsLeft / 2) }
        if work.output.transaction != nil {
            publish(phase: .stopped)
            if !isCommitted {
                throw .unfinished(part: name, records: work.ledger.uncommittedRecordCount)
            }
            return
        }
        // Where there was nothing to commit, nothing was flushed: the last summary may still be on its way.
        do {
            try work.output.producer.flush(timeoutMilliseconds: flushMilliseconds)
        } catch {
            if !error.isTimeout || error.isFatal { throw .kafka(part: name, error) }
        }
        let left = work.output.outstandingCount
        publish(phase: .stopped)
        if left > 0 { throw .unfinished(part: name, records: left) }
    }
}
