internal import ShoalCore
internal import ShoalKafka

/// What a lane does with records: decode, absorb, decide, and gather what is to be sent.
///
/// Apart from the consumer that lends it the records, so that one is read while the other changes.
struct LaneWork<Producer: LaneProducer & ~Copyable>: ~Copyable {
    private static var pendingMillisecondsMax: Int64 { 2_000 }

    /// An event that was decoded and is absorbed after the next one has been.
    private struct WaitingEvent {
        /// Of one of `partitions`, which stays among them until the event is absorbed.
        var shard: Lent<Shard>
        /// The decoder that has the event.
        var decoder: Int
        var position: EventPosition
        var timestampMilliseconds: Int64?
    }

    private let shared: EngineShared
    /// By index of the topic: its source; those that a router reads follow those that lanes read.
    private let sourceOfTopic: [Int]
    /// Two for each source: one reads the next record while the other may hold the event that waits.
    private let decoders: OwnedArray<EventDecoder>
    /// By source: the decoder that reads its next record.
    private var readers: [Int]
    private var waiting: WaitingEvent?
    private let routedSources: RoutedSources
    /// Index of the topic whose records may come from a router; −1 for none.
    private let routedTopic: Int
    private let futureMillisecondsMax: Int64?
    /// By partition number; `nil` where the lane does not own it.
    private(set) var partitions: [LanePartition?]
    /// Their shards, so that a record counts no references: an atomic operation costs as much as a field of
    /// its event.
    private var shards: [Lent<Shard>?]

    var ledger: PartitionLedger
    var output: LaneOutput<Producer>
    /// Milliseconds of the monotonic clock, read once per batch.
    var now: Int64
    private(set) var recordCount = 0
    /// Records on another partition than their key's.
    private var misplacedCount = 0
    /// Of partitions that have gone.
    private var closedCounters = ShardCounters()
    private var closedFlows: [SegmentFlow] = []
    private var closedMoves = SegmentMoves()
    private var rejections = RejectionCounts()
    var timings = LaneTimings()
    private var pace = ReassignmentPace()

    init(shared: EngineShared, partitionCount: Int, output: consuming LaneOutput<Producer>) {
        let settings = shared.settings
        self.shared = shared
        let sources = settings.sources + settings.routed
        decoders = OwnedArray(count: 2 * sources.count) { index in
            EventDecoder(source: sources[index / 2], schema: shared.plan.schema, limits: settings.limits)
        }
        readers = sources.indices.map { 2 * $0 }
        sourceOfTopic = settings.sources.indices.flatMap { source in
            settings.sources[source].topics.map { _ in source }
        }
        routedSources = RoutedSources(settings)
        routedTopic =
            settings.routed.isEmpty ? -1 : settings.inputTopics.firstIndex(of: settings.topics.events) ?? -1
        futureMillisecondsMax = settings.limits.futureMillisecondsMax
        partitions = Array(repeating: nil, count: partitionCount)
        shards = Array(repeating: nil, count: partitionCount)
        ledger = PartitionLedger(topics: settings.inputTopics, partitionCount: partitionCount)
        self.output = output
        now = shared.clock()
    }

    consuming func close() { output.close() }

    // MARK: Records

    /// Processes one record of a partition that the lane owns; `finishRecords` must follow the last of a
    /// batch.
    ///
    /// An event is absorbed once the next one is decoded, so that its customer's profile comes from memory
    /// meanwhile.
    @inline(__always)
    mutating func take(_ record: borrowing KafkaRecord) {
        let slot = ledger.slot(topic: record.topicIndex, partition: record.partition)
        guard ledger.take(slot, offset: record.offset),
            let shard = shards[Int(record.partition)]
        else { return }
        recordCount += 1
        timings.note(timestampMilliseconds: record.timestampMilliseconds)
        if !isInPlace(record) { countMisplaced(record) }
        guard let rejection = decode(record, topic: record.topicIndex, for: shard) else { return }
        rejections.count(rejection)
        let topic = ledger.topics[record.topicIndex]
        output.enqueue(.deadLetter(record, topic: topic, rejection: rejection))
        let place = "\(topic)[\(record.partition)]@\(record.offset)"
        shared.log.throttledWarning(
            "rejected",
            "rejected \(place), \(rejection.reason.word): \(rejection.detail)")
    }

    /// Whether a record lies where Java's default partitioner puts its key.
    @inline(__always)
    private func isInPlace(_ record: borrowing KafkaRecord) -> Bool {
        guard let key = record.key else { return false }
        return KafkaPlacement.partition(of: key, partitionCount: Int32(partitions.count)) == record.partition
    }

    private mutating func countMisplaced(_ record: borrowing KafkaRecord) {
        misplacedCount += 1
        guard misplacedCount == 1, shared.isFirstMisplaced() else { return }
        let topic = ledger.topics[record.topicIndex]
        shared.log.warning(
            "\(topic)[\(record.partition)]@\(record.offset) is not on the partition that murmur2 of its key chooses: "
                + "if events of one customer are on several partitions, each has a profile of its own; key all "
                + "topics by customer, with Kafka's default partitioner (said once)")
    }

    /// Takes a record in that was processed before, without any output.
    mutating func replay(_ record: borrowing KafkaRecord, topic: String) {
        guard let index = ledger.topics.firstIndex(of: topic), Int(record.partition) < partitions.count,
            let shard = shards[Int(record.partition)]
        else { return }
        _ = decode(record, topic: index, for: shard)
        absorbWaiting(tellsTrainer: false)
        output.discardBuffer()
    }

    /// Absorbs the event that waits, if one does.
    mutating func finishRecords() {
        absorbWaiting()
        timings.endBatch()
    }

    /// What can be said of a customer of this partition.
    func answer(about customer: [UInt8], partition number: Int32) -> CustomerAnswer {
        guard let partition = partitions[Int(number)] else { return .elsewhere(partition: number) }
        return partition.shard.report(of: customer).map { .found($0) } ?? .unknown
    }

    /// What can be said of a customer whose records may be on any partition.
    func answer(about customer: [UInt8]) -> CustomerAnswer {
        for partition in partitions {
            if let report = partition?.shard.report(of: customer) { return .found(report) }
        }
        return .unknown
    }

    /// - Returns: Why the record cannot be used, or `nil`.
    @inline(__always)
    private mutating func decode(
        _ record: borrowing KafkaRecord, topic: Int, for shard: Lent<Shard>
    ) -> EventRejection? {
        guard let value = record.value else {
            absorbWaiting()
            shard.value.countRejected()
            return EventRejection(.notJSON, "null_value")
        }
        let timestamp = record.timestampMilliseconds
        var latest = Int64.max
        if let timestamp, let future = futureMillisecondsMax { latest = timestamp &+ future }
        var source = sourceOfTopic[topic]
        if topic == routedTopic {
            do throws(EventRejection) {
                source = try routedSources.source(of: record) ?? source
            } catch {
                absorbWaiting()
                shard.value.countRejected()
                return error
            }
        }
        let reader = readers[source]
        return unsafe value.withUnsafeBytes { bytes -> EventRejection? in
            // Safe: the bytes live until the record's closure returns. An event that waits for longer has its
            // bytes from its decoder; one that lends the record's is absorbed at once, and the shard copies
            // what it keeps.
            let outcome = unsafe decoders[reader].decode(
                bytes, isPadded: false, recordTimestampMilliseconds: timestamp, latestMilliseconds: latest)
            guard case .event = outcome else {
                absorbWaiting()
                guard case .rejected(let rejection) = outcome else {
                    shard.value.countIgnored()
                    return nil
                }
                shard.value.countRejected()
                return rejection
            }
            let announced = shard.value.announce(decoders[reader].event.customer)
            absorbWaiting()
            shard.value.fetchProfile(announced)
            readers[source] = reader ^ 1
            waiting = WaitingEvent(
                shard: shard, decoder: reader,
                position: EventPosition(topic: topic, partition: record.partition, offset: record.offset),
                timestampMilliseconds: timestamp)
            if decoders[reader].lendsRecord { absorbWaiting() }
            return nil
        }
    }

    @inline(__always)
    private mutating func absorbWaiting(tellsTrainer: Bool = true) {
        guard let event = waiting else { return }
        waiting = nil
        _ = event.shard.value.absorb(
            decoders[event.decoder].event, at: event.position, now: now, into: &output.buffer)
        if event.shard.value.summaryIsDue(now: now) {
            cutSummary(of: event.position.partition, tellsTrainer: tellsTrainer)
        }
        output.stamp(event.timestampMilliseconds)
    }

    private mutating func cutSummary(of number: Int32, tellsTrainer: Bool) {
        guard let partition = partitions[Int(number)] else { return }
        let summary = partition.shard.takeSummary()
        if tellsTrainer { output.enqueue(.summary(summary)) }
        partition.pendingSinceMilliseconds = nil
    }

    // MARK: Between batches

    /// Whether a structural change has customers left to assign.
    var isReassigning: Bool { partitions.contains { $0?.shard.isReassigning ?? false } }

    /// Takes a newer model into use and assigns the next customers whom one concerns, one partition after the
    /// other, at their pace and as long as outputs find room.
    ///
    /// - Throws: When Kafka will not take a record.
    mutating func followModel() throws(KafkaError) {
        let serial = shared.mailbox.serial
        if partitions.contains(where: { $0 != nil && $0?.modelSerial != serial }),
            let newest = shared.mailbox.newest
        {
            for partition in partitions {
                guard let partition, partition.modelSerial != newest.serial else { continue }
                // The batch begins anew with a model of other segments, so what it holds is told before.
                if partition.shard.model?.generation != newest.model.generation { summarise(partition) }
                partition.shard.beginAdopting(newest.model)
                partition.modelSerial = newest.serial
            }
        }
        guard isReassigning else { return pace.rest() }
        let customerCount = partitions.reduce(0) { $0 + ($1?.shard.customerCount ?? 0) }
        var left = pace.nextLot(now: now, customerCount: customerCount)
        for partition in partitions where left > 0 {
            guard let partition, partition.shard.isReassigning else { continue }
            // What is written here goes with what the batch after it writes.
            guard try output.drain(now: now, gathers: true) else { return }
            left -= partition.shard.reassign(limit: left, into: &output.buffer)
        }
    }

    /// Tells the trainer of vectors that have waited for long, or of all.
    mutating func cutSummaries(all: Bool = false) {
        for partition in partitions {
            guard let partition else { continue }
            guard partition.shard.pendingVectors > 0 else {
                partition.pendingSinceMilliseconds = nil
                continue
            }
            let since = partition.pendingSinceMilliseconds ?? now
            partition.pendingSinceMilliseconds = since
            let isOld = now - since >= Self.pendingMillisecondsMax
            if all || isOld || partition.shard.summaryIsDue(now: now) { summarise(partition) }
        }
    }

    private mutating func summarise(_ partition: LanePartition) {
        partition.pendingSinceMilliseconds = nil
        guard partition.shard.pendingVectors > 0 else { return }
        output.enqueue(.summary(partition.shard.takeSummary()))
    }

    // MARK: Partitions

    /// What the shard of a partition is told.
    func shardSettings(_ number: Int32) -> ShardSettings {
        var settings = ShardSettings(
            model: shared.settings.model, batch: shared.settings.batch, partition: number,
            topics: ledger.topics, writesCurrentSegments: true, hash: shared.settings.hash)
        settings.holdout = shared.settings.holdout
        settings.limits = ProfileLimits(
            customersMax: shared.settings.customersMax, partitionCount: partitions.count,
            idleMillisecondsMax: shared.settings.idleMillisecondsMax)
        return settings
    }

    /// A partition without customers.
    func freshPartition(_ number: Int32) -> LanePartition {
        LanePartition(number: number, shard: Shard(plan: shared.plan, settings: shardSettings(number)))
    }

    mutating func open(_ partition: LanePartition) {
        precondition(waiting == nil, "Partitions come and go between batches.")
        partitions[Int(partition.number)] = partition
        shards[Int(partition.number)] = partition.lentShard
    }

    /// Takes a partition out and keeps what it counted.
    mutating func close(_ number: Int32) -> LanePartition? {
        precondition(waiting == nil, "Partitions come and go between batches.")
        guard let partition = partitions[Int(number)] else { return nil }
        partitions[Int(number)] = nil
        shards[Int(number)] = nil
        closedCounters = closedCounters + partition.counters
        closedMoves = closedMoves + partition.moves
        for (id, flow) in partition.flows.enumerated() {
            while closedFlows.count <= id { closedFlows.append(SegmentFlow()) }
            closedFlows[id].entered += flow.entered
            closedFlows[id].left += flow.left
        }
        partition.beginCounting()
        return partition
    }

    /// Fills in what the work knows of a status.
    func describe(_ status: inout LaneStatus) {
        status.records = recordCount
        status.misplacedRecords = misplacedCount
        status.counters = closedCounters
        status.flows = closedFlows
        status.moves = closedMoves
        status.rejections = rejections
        status.latency = timings.latency
        status.commits = timings.commit
        status.outstandingRecords = output.outstandingCount
        for partition in partitions {
            guard let partition else { continue }
            status.partitions.append(partition.number)
            status.customers += partition.shard.customerCount
            status.profileBytes += partition.shard.profileBytes
            status.modelVersion = max(status.modelVersion, partition.shard.model?.version ?? 0)
            status.counters = status.counters + partition.counters
            status.moves = status.moves + partition.moves
            if partition.shard.streamTimeMilliseconds != .min {
                status.streamTimeMilliseconds = max(
                    status.streamTimeMilliseconds ?? .min, partition.shard.streamTimeMilliseconds)
            }
            for (id, flow) in partition.flows.enumerated() {
                while status.flows.count <= id { status.flows.append(SegmentFlow()) }
                status.flows[id].entered += flow.entered
                status.flows[id].left += flow.left
                status.flows[id].members += flow.members
            }
        }
    }
}
