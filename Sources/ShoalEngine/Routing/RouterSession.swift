internal import ShoalCore
internal import ShoalKafka

/// One pair of clients of the router, from their making to the first trouble.
///
/// Whatever goes wrong is thrown, and whoever drives the session then takes another: new clients of the same
/// identity fence these, and begin where the group's offsets say.
struct RouterSession<Consumer: LaneConsumer & ~Copyable, Producer: LaneProducer & ~Copyable>: ~Copyable
where Consumer.Membership == Producer.Membership {
    private static var name: String { Router<Consumer, Producer>.name }
    private static var recordsPerBatch: Int { 1_000 }
    private static var idleMilliseconds: Int32 { 100 }
    private static var blockedMilliseconds: Int32 { 10 }
    private static var askMilliseconds: Int32 { 5_000 }
    private static var answerMilliseconds: Int32 { 1_000 }
    private static var againMilliseconds: Int32 { 100 }
    private static var flushMilliseconds: Int32 { 2_000 }
    /// How long a revocation waits for the broker; well below the session timeout.
    private static var revokeMilliseconds: Int64 { 10_000 }

    private let shared: EngineShared
    private let consumer: Consumer
    private var output: LaneOutput<Producer>
    private var intake: RouterIntake
    private var isReady = false
    private var isPaused = false
    private var hasJoined = false
    private var openedAt: Int64?
    private var committedAt: Int64
    /// Whether an end was so unsure that these clients must not be used any more; nothing is lost by that.
    private(set) var isSpent = false
    /// Whether something was committed, so that trouble before is over.
    private(set) var hasCommitted = false

    init(shared: EngineShared, partitionCount: Int32) throws(KafkaError) {
        let settings = shared.settings
        var properties = settings.readerProperties
        // A place that is gone must never be jumped over silently; a start without a commit is our choice.
        properties.setDefaults(["auto.offset.reset": "error", "enable.partition.eof": "true"])
        let isExact = shared.delivery == .exactlyOnce
        let id = settings.transactionalID(slot: Self.name)
        if shared.keepsPlace { properties["group.instance.id"] = id }
        let client = "\(Self.name) producer"
        let output = try LaneOutput<Producer>(
            settings: settings, transactionalID: isExact ? id : nil,
            events: isExact ? shared.sinkOfTransactions(client: client) : shared.sink(client: client))
        consumer = try Consumer(
            group: settings.routerGroup, properties: properties,
            events: shared.sink(client: "\(Self.name) consumer"))
        self.output = output
        self.shared = shared
        intake = RouterIntake(settings, plan: shared.plan, partitionCount: partitionCount)
        committedAt = shared.clock()
    }

    consuming func close() {
        consumer.close()
        output.close()
    }

    /// Whether the transaction that is open has had less time than the broker gives it: who ends it then is
    /// another process.
    var isWithinTransaction: Bool {
        openedAt.map { shared.clock() - $0 < output.transactionMilliseconds } ?? true
    }

    var status: RouterStatus {
        var status = RouterStatus()
        status.hasJoined = hasJoined
        status.records = intake.recordCount
        status.counters = intake.counters
        status.rejections = intake.rejections
        status.lagRecords = intake.lag { consumer.cachedWatermarks($0)?.upperBound }
        status.hasUncommitted = !intake.uncommitted.isEmpty
        return status
    }

    /// What is counted and never counted again.
    var settled: RouterStatus { intake.settled }

    // MARK: The loop

    /// One batch, and what it leads to.
    ///
    /// - Throws: `KafkaError` for what another session can mend, `EngineError` for what ends the engine.
    mutating func step() throws {
        guard try prepare() else { return }
        let milliseconds = isPaused ? Self.blockedMilliseconds : Self.idleMilliseconds
        let event = consumer.poll(limit: Self.recordsPerBatch, timeoutMilliseconds: milliseconds) {
            (record: borrowing KafkaRecord) in
            intake.take(record)
        }.event
        let now = shared.clock()
        let isDrained = try send(now: now)
        try setPaused(!isDrained)
        if now - committedAt >= shared.settings.commitIntervalMilliseconds { _ = try commit() }
        if let event { try handle(event) }
    }

    /// Sends and commits what was read, within the time that the engine has left.
    ///
    /// - Returns: whether all of it is committed.
    mutating func finish() throws -> Bool {
        guard isReady else { return true }
        return try finish(by: shared.clock() + shared.millisecondsLeft / 2)
    }

    private mutating func finish(by deadline: Int64) throws -> Bool {
        while try !send(now: shared.clock()) {
            if shared.clock() >= deadline { return false }
            output.producer.poll(timeoutMilliseconds: Self.blockedMilliseconds)
        }
        return try commit()
    }

    /// Fences whoever had this identity before, and only then asks where to go on.
    ///
    /// - Returns: whether the session may read.
    private mutating func prepare() throws(KafkaError) -> Bool {
        if isReady { return true }
        if output.transaction != nil {
            do throws(KafkaError) {
                try output.producer.initialiseTransactions(timeoutMilliseconds: Self.answerMilliseconds)
            } catch {
                guard error.transactionRemedy == .callAgain else { throw error }
                output.producer.poll(timeoutMilliseconds: Self.againMilliseconds)
                return false
            }
            output.transaction?.note(.done, now: shared.clock())
        }
        try consumer.subscribe(shared.settings.routedTopics)
        isReady = true
        return true
    }

    /// - Returns: whether everything read is with the producer.
    private mutating func send(now: Int64) throws(KafkaError) -> Bool {
        for record in intake.outbound { output.enqueue(record) }
        intake.removeOutbound()
        if let (place, rejection) = intake.takeRejection() {
            shared.log.throttledWarning(
                "rejected", "rejected \(place), \(rejection.reason.word): \(rejection.detail)")
        }
        let isDrained = try output.drain(now: now)
        noteOpening(now: now)
        return isDrained
    }

    private mutating func noteOpening(now: Int64) {
        if openedAt == nil, output.transaction?.isOpen == true { openedAt = now }
    }

    private mutating func setPaused(_ shouldPause: Bool) throws(KafkaError) {
        guard shouldPause != isPaused else { return }
        if shouldPause {
            try consumer.pause(intake.ownedPartitions)
        } else {
            try consumer.resume(intake.ownedPartitions)
        }
        isPaused = shouldPause
    }

    // MARK: Commits

    /// Makes what was read final.
    ///
    /// - Returns: whether all of it is.
    private mutating func commit() throws(KafkaError) -> Bool {
        committedAt = shared.clock()
        let offsets = intake.uncommitted
        if offsets.isEmpty { return true }
        guard output.isDrained else { return false }
        guard output.transaction != nil else { return try commitAtLeastOnce(offsets) }
        try output.openTransaction(now: committedAt)
        noteOpening(now: committedAt)
        output.transaction?.close(hasOffsets: true)
        try sendOffsets(offsets)
        output.transaction?.note(.done, now: shared.clock())
        let started = shared.clock()
        try output.producer.commitTransaction(
            timeoutMilliseconds: Int32(clamping: output.transactionMilliseconds))
        output.transaction?.note(.done, now: shared.clock())
        openedAt = nil
        // A request that may have been sent twice could end the next transaction of this producer.
        isSpent = shared.clock() - started >= output.requestMilliseconds || output.hasLostConnection
        intake.noteCommitted(offsets)
        hasCommitted = true
        return true
    }

    private mutating func sendOffsets(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        guard let membership = consumer.groupMetadata() else { return }
        while true {
            do throws(KafkaError) {
                return try output.producer.sendOffsets(
                    offsets, membership: membership,
                    timeoutMilliseconds: Int32(clamping: output.requestMilliseconds))
            } catch {
                guard error.transactionRemedy == .callAgain, isWithinTransaction else { throw error }
                output.producer.poll(timeoutMilliseconds: Self.againMilliseconds)
            }
        }
    }

    private mutating func commitAtLeastOnce(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) -> Bool {
        do throws(KafkaError) {
            try output.producer.flush(timeoutMilliseconds: Self.flushMilliseconds)
            try consumer.commit(offsets)
        } catch {
            if error.isFatal { throw error }
            // The broker is slow, or the group has moved on and the next owner repeats the work.
            guard error.isTimeout || error.isRetriable || error.isMembershipStale else { throw error }
            shared.log.throttledWarning("\(Self.name) commit", "\(Self.name): not committed yet: \(error)")
            return false
        }
        intake.noteCommitted(offsets)
        hasCommitted = true
        return true
    }

    // MARK: Partitions that come and go

    private mutating func handle(_ event: KafkaConsumerEvent) throws {
        switch event {
        case .assigned(let partitions): try assigned(partitions)
        case .revoked:
            let isCommitted = try finish(by: shared.clock() + Self.revokeMilliseconds)
            release()
            // What is half sent must end with its producer.
            if !isCommitted { isSpent = true }
        case .lost:
            shared.log.warning("\(Self.name): partitions were lost to the group; their work is repeated")
            release()
            isSpent = true
        case .endOfPartition(let end): intake.reachEnd(end)
        case .commitFailed(let error):
            intake.forgetCommitted()
            shared.log.throttledWarning("\(Self.name) commit", "\(Self.name): a commit failed: \(error)")
        case .failed(let error):
            if error.isFatal || error.isOffsetOutOfRange {
                throw EngineError.kafka(part: Self.name, error)
            }
            shared.log.throttledWarning("\(Self.name) failed", "\(Self.name): \(error)")
        }
    }

    private mutating func release() {
        intake.revokeAll()
        output.discardAll()
        isPaused = false
        hasJoined = false
        consumer.unassign()
    }

    private mutating func assigned(_ partitions: [KafkaTopicPartition]) throws {
        intake.revokeAll()
        while !shared.isStopping {
            let offsets: [KafkaPartitionOffset]
            do {
                offsets = try place(partitions)
            } catch let error as KafkaError {
                guard error.isRetriable else { throw error }
                shared.log.throttledWarning("\(Self.name) ask", "\(Self.name): trying again: \(error)")
                continue
            }
            try consumer.assign(offsets)
            // librdkafka remembers a pause of ours from an earlier assignment.
            try consumer.resume(partitions)
            isPaused = false
            hasJoined = true
            shared.log.info("\(Self.name): assigned \(partitions.count) partitions to route")
            return
        }
        consumer.unassign()
    }

    /// Asks where partitions stand.
    private mutating func place(_ partitions: [KafkaTopicPartition]) throws -> [KafkaPartitionOffset] {
        if partitions.isEmpty { return [] }
        let committed = try consumer.committed(partitions, timeoutMilliseconds: Self.askMilliseconds)
        let reset = shared.settings.kafka["auto.offset.reset"]
        let acceptsGaps = reset == "earliest" || reset == "smallest"
        var offsets: [KafkaPartitionOffset] = []
        for partition in partitions {
            let retained = try consumer.watermarks(partition, timeoutMilliseconds: Self.askMilliseconds)
            var start = committed[partition] ?? retained.lowerBound
            if start < retained.lowerBound {
                guard acceptsGaps else {
                    throw EngineError.inputTrimmed(
                        KafkaPartitionOffset(partition, offset: start), retained: retained)
                }
                shared.log.warning(
                    "\(Self.name): \(partition) no longer holds offset \(start); going on at the first")
                start = retained.lowerBound
            }
            intake.assign(
                partition, next: start, committed: committed[partition], end: retained.upperBound)
            offsets.append(KafkaPartitionOffset(partition, offset: start))
        }
        return offsets
    }
}
