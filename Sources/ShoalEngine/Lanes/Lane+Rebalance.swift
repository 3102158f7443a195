internal import ShoalCore
internal import ShoalKafka

/// Partitions that come and go; all of it runs on the lane's thread, between two batches.
extension Lane where Consumer: ~Copyable, Producer: ~Copyable {
    /// What is known of a partition that has come.
    private struct Arrival {
        let slot: Int
        let retained: Range<Int64>
        /// The group's offset; `nil` for none.
        let committed: Int64?
        var start: Int64 { committed ?? retained.lowerBound }
    }

    private static var askMilliseconds: Int32 { 5_000 }
    /// How long a revocation waits for the broker to take the outputs; well below the session timeout.
    private static var revokeFlushMilliseconds: Int32 { 10_000 }
    private static var recordsPerStep: Int { 2_000 }
    private static var recoveryPollMilliseconds: Int32 { 20 }

    mutating func handle(_ event: KafkaConsumerEvent) throws(EngineError) {
        switch event {
        case .assigned(let partitions):
            hasJoined = true
            try assigned(partitions)
        case .revoked:
            hasJoined = false
            try revoked()
        case .lost:
            hasJoined = false
            shared.log.warning("\(name): partitions were lost to the group; their work is repeated")
            _ = closeAll()
            try abandonTransaction()
            reopening = []
            consumer.unassign()
        case .endOfPartition(let end):
            if let slot = work.ledger.slot(of: end.partition) {
                work.ledger.reachEnd(slot, offset: end.offset)
            }
        case .commitFailed(let error):
            work.ledger.forgetCommitted()
            shared.log.throttledWarning("\(name) commit", "\(name): a commit failed, trying again: \(error)")
        case .failed(let error):
            if error.isFatal { throw .kafka(part: name, error) }
            if error.isOffsetOutOfRange { return try losePlace(error) }
            shared.log.throttledWarning("\(name) failed", "\(name): \(error)")
        }
        publish()
    }

    // MARK: Coming

    /// Drops every partition as a crash would; they are recovered when the rest after a failure is over.
    mutating func dropPartitions() {
        reopening = work.ledger.ownedSlots.map { work.ledger.partition(at: $0) }
        _ = closeAll()
        work.timings.forgetWaiting()
        let rest = work.output.transaction?.restMilliseconds ?? losses.restMilliseconds
        reopenAt = work.now + rest
        guard !reopening.isEmpty else { return }
        shared.log.throttledWarning(
            "\(name) dropped",
            "\(name): what was not committed is lost; going back to the last commit"
                + (rest > 0 ? " in \(rest) ms" : ""))
    }

    /// The input does not hold the offset that was to be read next, because it was made anew or trimmed.
    private mutating func losePlace(_ error: KafkaError) throws(EngineError) {
        guard acceptsGaps else { throw .placeLost(part: name, error) }
        hasLostPlace = true
        try abandonTransaction()
        // Where no transaction was open, none was lost.
        if reopening.isEmpty { dropPartitions() }
    }

    /// A partition that was processed is read from its first record, if that is what an operator wants.
    ///
    /// - Throws: If it is not: all its changes would be written a second time.
    private func beginAnew(_ lost: KafkaPartitionOffset) throws(EngineError) {
        guard acceptsGaps else { throw .offsetsLost(lost, group: shared.settings.group) }
        shared.log.warning(
            "\(name): group \(shared.settings.group) has no committed offset of \(lost.partition), which was "
                + "processed up to \(lost.offset): all that is retained is processed again")
    }

    /// Whether an operator wants to go on where input is gone.
    private var acceptsGaps: Bool {
        ["earliest", "smallest", "beginning"].contains(shared.settings.kafka["auto.offset.reset"])
    }

    /// Recovers what was dropped, unless the group is about to take it away.
    mutating func reopen() throws(EngineError) {
        guard !reopening.isEmpty, work.now >= reopenAt, !consumer.isRebalancing else { return }
        try assigned(reopening)
    }

    private mutating func assigned(_ partitions: [KafkaTopicPartition]) throws(EngineError) {
        let candidates = parked
        let candidateOffsets = parkedOffsets
        _ = closeAll()
        reopening = []
        guard let arrivals = try arrivals(of: partitions) else {
            consumer.unassign()
            return
        }
        var parts: [RecoveryPart] = []
        var recovering: Set<Int32> = []
        for arrival in arrivals {
            let number = work.ledger.partition(at: arrival.slot).partition
            guard arrival.committed != nil else {
                if let lost = lostOffset(work.ledger.partition(at: arrival.slot)) { try beginAnew(lost) }
                continue
            }
            if !isCurrent(candidateOffsets[number], number, arrivals) { recovering.insert(number) }
        }
        var outputs: [KafkaPartitionOffset] = []
        for number in recovering.sorted() {
            let own = arrivals.filter { work.ledger.partition(at: $0.slot).partition == number }
            let origin = restore(number, own)
            outputs.append(origin.output)
            for arrival in own {
                let partition = work.ledger.partition(at: arrival.slot)
                let start = origin.inputs[partition.topic] ?? arrival.retained.lowerBound
                if origin.inputs[partition.topic] == nil, start > 0 {
                    shared.log.warning(
                        "\(name): there is no snapshot to go on from, and \(partition) holds nothing before offset "
                            + "\(start): what its customers did until then is not known any more")
                }
                if start < arrival.start {
                    parts.append(RecoveryPart(partition: partition, start: start, end: arrival.start))
                }
            }
        }
        for arrival in arrivals {
            let number = work.ledger.partition(at: arrival.slot).partition
            work.ledger.assign(arrival.slot, next: arrival.start, committed: arrival.committed)
            endsAtAssignment[arrival.slot] = arrival.retained.upperBound
            if work.partitions[Int(number)] != nil { continue }
            let isKept = isCurrent(candidateOffsets[number], number, arrivals)
            work.open(
                isKept ? candidates[number] ?? work.freshPartition(number) : work.freshPartition(number))
        }
        do {
            try begin(arrivals, parts: parts, outputs: outputs)
        } catch {
            throw .kafka(part: name, error)
        }
    }

    /// Opens a partition as it was saved, if it was.
    ///
    /// - Returns: where its input is to be replayed from, by topic, and where its customers' segments are to
    ///   be read back from.
    private mutating func restore(
        _ number: Int32, _ arrivals: [Arrival]
    ) -> (inputs: [String: Int64], output: KafkaPartitionOffset) {
        let topics = shared.settings.topics
        snapshotGenerations[number] = nil
        let current = KafkaPartitionOffset(
            KafkaTopicPartition(topic: topics.segments, partition: number),
            offset: KafkaPartitionOffset.beginning)
        var bounds: [String: ClosedRange<Int64>] = [:]
        for arrival in arrivals {
            let first = min(arrival.retained.lowerBound, arrival.start)
            bounds[work.ledger.partition(at: arrival.slot).topic] = first...arrival.start
        }
        guard let loaded = restored(number, bounds: bounds) else { return ([:], current) }
        let header = loaded.header
        work.open(LanePartition(number: number, shard: loaded.shard))
        snapshotGenerations[number] = header.modelGeneration
        let inputs = Dictionary(
            header.place.inputs.map { ($0.topic, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let changes = KafkaTopicPartition(topic: topics.changes, partition: number)
        let retained = try? consumer.watermarks(changes, timeoutMilliseconds: Self.askMilliseconds)
        // Where changes are gone that it has not seen, the compacted topic has the last of each customer.
        guard let retained, header.place.changesOffset >= retained.lowerBound,
            header.place.changesOffset <= retained.upperBound
        else {
            return (inputs, current)
        }
        return (inputs, KafkaPartitionOffset(changes, offset: header.place.changesOffset))
    }

    /// Answers the assignment, and holds it back while partitions recover.
    private mutating func begin(
        _ arrivals: [Arrival], parts: [RecoveryPart], outputs: [KafkaPartitionOffset]
    ) throws(KafkaError) {
        let offsets = arrivals.map {
            KafkaPartitionOffset(work.ledger.partition(at: $0.slot), offset: $0.start)
        }
        // librdkafka remembers a pause of ours from an earlier assignment.
        try readOn(from: offsets)
        shared.log.info("\(name): assigned \(Self.summary(offsets.map(\.partition)))")
        guard !outputs.isEmpty else { return }
        try consumer.pause(offsets.map(\.partition))
        let unsaved = outputs.map(\.partition.partition).filter { snapshotGenerations[$0] == nil }
        let counts = parts.map { "\($0.end - $0.start) retained records of \($0.partition)" }
        let words = counts.isEmpty ? "no retained records" : counts.joined(separator: ", ")
        let reason =
            unsaved.isEmpty ? "" : "no snapshot of \(unsaved.map(String.init).joined(separator: ", ")): "
        shared.log.info("\(name): \(reason)replaying \(words) without output")
        recovery = try Recovery(
            parts: parts, outputs: outputs, properties: shared.settings.readerProperties,
            events: shared.sink(client: "\(name) recovery"))
    }

    /// Whether a parked partition stands exactly where the group's offsets do.
    private func isCurrent(_ offsets: [Int: Int64]?, _ number: Int32, _ arrivals: [Arrival]) -> Bool {
        guard let offsets else { return false }
        for arrival in arrivals where work.ledger.partition(at: arrival.slot).partition == number {
            if offsets[arrival.slot] != arrival.start { return false }
        }
        return true
    }

    /// Asks where the partitions stand, again and again while the broker does not answer.
    ///
    /// - Returns: `nil` if the engine stops meanwhile.
    private mutating func arrivals(of partitions: [KafkaTopicPartition]) throws(EngineError) -> [Arrival]? {
        while !shared.isStopping {
            var arrivals: [Arrival] = []
            do {
                let committed = try consumer.committed(partitions, timeoutMilliseconds: Self.askMilliseconds)
                for partition in partitions {
                    guard let slot = work.ledger.slot(of: partition) else { throw grown(partition) }
                    let retained = try consumer.watermarks(
                        partition, timeoutMilliseconds: Self.askMilliseconds)
                    arrivals.append(
                        Arrival(slot: slot, retained: retained, committed: committed[partition]))
                }
            } catch let error as EngineError {
                throw error
            } catch let error as KafkaError {
                if !error.isRetriable { throw .kafka(part: name, error) }
                shared.log.throttledWarning("\(name) ask", "\(name): trying again: \(error)")
                continue
            } catch {
                preconditionFailure("Nothing else is thrown above.")
            }
            return try checked(arrivals)
        }
        return nil
    }

    /// An input with more partitions than at the start, where other keys are on each than before.
    private func grown(_ partition: KafkaTopicPartition) -> EngineError {
        .topics([
            "input topic \(partition.topic) had \(work.ledger.partitionCount) partitions at the start and has "
                + "one numbered \(partition.partition) now: many customers' events go elsewhere than before, "
                + "where their profiles are not; start again to begin new profiles for them, with as many "
                + "partitions in \(shared.settings.topics.changes) and \(shared.settings.topics.segments)"
        ])
    }

    /// An offset past the end is left to the first fetch, which knows the end exactly: brokers that are asked
    /// for it may answer with an earlier one, as Tansu 0.6 does.
    ///
    /// - Throws: When records between the committed offset and the first retained one are gone.
    private mutating func checked(_ arrivals: [Arrival]) throws(EngineError) -> [Arrival] {
        var result: [Arrival] = []
        for arrival in arrivals {
            let retained = arrival.retained
            guard let committed = arrival.committed,
                committed < retained.lowerBound || (hasLostPlace && committed > retained.upperBound)
            else {
                result.append(arrival)
                continue
            }
            let partition = work.ledger.partition(at: arrival.slot)
            guard acceptsGaps else {
                throw .inputTrimmed(
                    KafkaPartitionOffset(partition, offset: committed), retained: arrival.retained)
            }
            shared.log.warning(
                "\(name): \(partition) no longer holds offset \(committed); going on at the first it holds")
            lostPlaceCount += 1
            let start = arrival.retained.lowerBound
            result.append(Arrival(slot: arrival.slot, retained: arrival.retained, committed: start))
        }
        hasLostPlace = false
        return result
    }

    // MARK: Recovering

    /// One step of the recovery; the last one puts the partitions to work.
    mutating func recover() throws(KafkaError) {
        guard var current = recovery.take() else { return }
        try current.step(
            limit: Self.recordsPerStep, timeoutMilliseconds: Self.recoveryPollMilliseconds
        ) { record, topic in
            work.replay(record, topic: topic)
        }
        CrashPoint.recovering.reach()
        guard current.isFinished, shared.mailbox.isCaughtUp else {
            recovery = consume current
            return
        }
        var restored = 0
        var garbage: [String: Int] = [:]
        for number in current.numbers {
            guard let partition = work.partitions[Int(number)] else { continue }
            if partition.shard.pendingVectors > 0 { _ = partition.shard.takeSummary() }
            var readBack = current.readBack(number)
            readBack.restore(into: &partition.shard)
            let decided = max(readBack.generation, snapshotGenerations[number] ?? 0)
            if let newest = shared.mailbox.newest, newest.model.generation <= decided {
                partition.shard.resume(newest.model)
                partition.modelSerial = newest.serial
            }
            partition.beginCounting()
            restored += readBack.count
            garbage[current.outputTopic(of: number), default: 0] += readBack.garbageCount
        }
        recoveredCount += current.replayedCount
        shared.log.info(
            "\(name): recovered: \(current.replayedCount) records replayed, the segments of \(restored) "
                + "customers read back")
        for (topic, count) in garbage.sorted(by: { $0.key < $1.key }) where count > 0 {
            shared.log.warning("\(name): \(count) records of \(topic) are no segments; passed over")
        }
        // Whoever crashes again soon has not to replay it all again.
        if current.replayedCount > 0 {
            for number in current.numbers { saving?.dueAt[number] = work.now }
        }
        current.close()
        let offsets = work.ledger.ownedSlots.map {
            KafkaPartitionOffset(work.ledger.partition(at: $0), offset: work.ledger.next(of: $0))
        }
        // librdkafka looks at a partition that is resumed within a second, at one that is assigned at once.
        if consumer.isRebalancing {
            try consumer.resume(offsets.map(\.partition))
            isPaused = false
        } else {
            try readOn(from: offsets)
        }
    }

    /// Reads partitions that are owned from these offsets on, paused or not before.
    ///
    /// In this order: one that is resumed after it was assigned is at times not looked at for a second.
    private mutating func readOn(from offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        try consumer.resume(offsets.map(\.partition))
        try consumer.assign(offsets)
        isPaused = false
    }

    // MARK: Going

    /// Finishes, commits and gives up everything; with the `range` assignor nothing is kept meanwhile.
    private mutating func revoked() throws(EngineError) {
        let isWhole = !isRecovering
        var isCommitted = false
        if isWhole {
            work.cutSummaries(all: true)
            isCommitted = try drainAndCommit(
                withinMilliseconds: Self.revokeFlushMilliseconds,
                flushMilliseconds: Self.revokeFlushMilliseconds)
        }
        if isCommitted { saveAll(withinMilliseconds: Int64(Self.revokeFlushMilliseconds)) }
        try abandonTransaction()
        let closed = closeAll()
        if isWhole, isCommitted {
            parked = closed.partitions
            parkedOffsets = closed.offsets
        }
        reopening = []
        consumer.unassign()
        if !closed.partitions.isEmpty {
            shared.log.info("\(name): gave up \(closed.partitions.count) partitions")
        }
    }

    /// Finishes what was taken in.
    ///
    /// - Returns: whether it is committed.
    mutating func drainAndCommit(
        withinMilliseconds milliseconds: Int32, flushMilliseconds: Int32
    ) throws(EngineError) -> Bool {
        let deadline = work.now + Int64(milliseconds)
        do {
            while try !work.output.drain(now: work.now) {
                work.now = shared.clock()
                if work.now >= deadline { return false }
                work.output.producer.poll(timeoutMilliseconds: 10)
            }
        } catch {
            try outputFailed(error)
            return false
        }
        return try commitNow(flushMilliseconds: flushMilliseconds, awaitsAnswer: true)
    }

    /// Takes every partition out of the lane and drops outputs that are not sent: they are made again.
    private mutating func closeAll() -> (partitions: [Int32: LanePartition], offsets: [Int32: [Int: Int64]]) {
        recovery.take()?.close()
        abandonSnapshot()
        commit.abandon()
        var offsets: [Int32: [Int: Int64]] = [:]
        for slot in work.ledger.ownedSlots {
            let number = work.ledger.partition(at: slot).partition
            offsets[number, default: [:]][slot] = work.ledger.revoke(slot)
        }
        var partitions: [Int32: LanePartition] = [:]
        for number in offsets.keys { partitions[number] = work.close(number) }
        work.output.discardAll()
        parked = [:]
        parkedOffsets = [:]
        isPaused = false
        return (partitions, offsets)
    }

    /// `clickstream[0, 1] pos[0, 1]`.
    private static func summary(_ partitions: [KafkaTopicPartition]) -> String {
        if partitions.isEmpty { return "nothing" }
        var numbers: [(topic: String, numbers: [String])] = []
        for partition in partitions {
            if numbers.last?.topic != partition.topic { numbers.append((partition.topic, [])) }
            numbers[numbers.count - 1].numbers.append("\(partition.partition)")
        }
        return numbers.map { "\($0.topic)[\($0.numbers.joined(separator: ", "))]" }.joined(separator: " ")
    }
}
