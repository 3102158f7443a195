internal import ShoalCore
internal import ShoalKafka

/// The lane's partitions saved, one after the other, and made again from what was saved.
extension Lane where Consumer: ~Copyable, Producer: ~Copyable {
    /// What the lane knows of its snapshots.
    struct Saving {
        let recorder: SnapshotRecorder
        /// From where a partition is frozen to where it is again: five sixths of the interval, so that the
        /// next snapshot is written before this one is older than the interval.
        let roundMilliseconds: Int64
        /// The partition that is being saved.
        var current: Int32?
        /// When each partition is due; monotonic milliseconds.
        var dueAt: [Int32: Int64] = [:]
        /// What each partition's last snapshot began with.
        var last: [Int32: SnapshotHeader] = [:]
    }

    private static var blocksPerBatch: Int { 4 }
    private static var askMilliseconds: Int32 { 1_000 }

    /// Begins to save the partition that is due longest, if one is.
    ///
    /// - Precondition: everything processed is committed, so that its state belongs to the group's offsets.
    mutating func beginSnapshotIfDue() {
        if let number = partitionToSave() { beginSnapshot(of: number) }
    }

    /// The partition whose snapshot is due longest; `nil` if none is, or one is being taken.
    mutating func partitionToSave() -> Int32? {
        guard !isRecovering, let saving, saving.current == nil, saving.recorder.isIdle else { return nil }
        let numbers = work.partitions.compactMap { $0?.number }
        // The first round is spread over its time, and with it every later one.
        let due = numbers.enumerated().map { index, number in
            let wait = saving.roundMilliseconds * Int64(index + 1) / Int64(numbers.count)
            return (number: number, at: saving.dueAt[number] ?? work.now + wait)
        }
        for partition in due { self.saving?.dueAt[partition.number] = partition.at }
        guard let next = due.min(by: { $0.at < $1.at }), next.at <= work.now else { return nil }
        return next.number
    }

    /// Begins to save a partition, unless nothing has happened since the last time.
    private mutating func beginSnapshot(of number: Int32) {
        if saving?.recorder.takeFailure() == true { saving?.last = [:] }
        guard let saving, let partition = work.partitions[Int(number)] else { return }
        self.saving?.dueAt[number] = work.now + saving.roundMilliseconds
        let header = partition.shard.freeze(at: place(of: number))
        if let last = saving.last[number], last.place.inputs == header.place.inputs,
            last.counters == header.counters, last.modelVersion == header.modelVersion
        {
            partition.shard.thaw()
            return
        }
        saving.recorder.begin(header)
        self.saving?.last[number] = header
        self.saving?.current = number
    }

    /// Hands the next rows of the partition that is being saved to be written, as many as are taken.
    mutating func continueSnapshot() {
        guard let saving, let number = saving.current, let partition = work.partitions[Int(number)] else {
            return
        }
        for _ in 0..<Self.blocksPerBatch where saving.recorder.hasRoom {
            guard let block = partition.shard.nextFrozenBlock() else {
                saving.recorder.finish()
                self.saving?.current = nil
                return
            }
            saving.recorder.append(block)
        }
    }

    /// Saves every partition as it is, before it is given up.
    ///
    /// - Precondition: everything processed is committed.
    mutating func saveAll(withinMilliseconds milliseconds: Int64) {
        guard let saving else { return }
        abandonSnapshot()
        let deadline = work.now + milliseconds
        for partition in work.partitions {
            guard let partition, shared.clock() < deadline else { continue }
            beginSnapshot(of: partition.number)
            while self.saving?.current != nil, shared.clock() < deadline {
                if !saving.recorder.hasRoom { work.output.producer.poll(timeoutMilliseconds: 1) }
                continueSnapshot()
            }
        }
        if !saving.recorder.wait(untilMilliseconds: deadline) {
            shared.log.warning("\(name): no time to save every partition; more is replayed next time")
        }
    }

    /// Gives the snapshot up that is being taken: its partition goes.
    mutating func abandonSnapshot() {
        guard let number = saving?.current else { return }
        work.partitions[Int(number)]?.shard.thaw()
        saving?.recorder.abandon()
        saving?.last[number] = nil
        saving?.current = nil
    }

    private func place(of number: Int32) -> SnapshotHeader.Place {
        let inputs = work.ledger.topics.indices.map { topic in
            SnapshotHeader.Input(
                topic: work.ledger.topics[topic],
                offset: work.ledger.next(of: work.ledger.slot(topic: topic, partition: number)))
        }
        // Where it ends now, all changes before the snapshot are in it. Unknown does no harm but cost.
        let changes = KafkaTopicPartition(topic: shared.settings.topics.changes, partition: number)
        let end = try? consumer.watermarks(changes, timeoutMilliseconds: Self.askMilliseconds)
        return SnapshotHeader.Place(
            cluster: shared.cluster, group: shared.settings.group, partition: number, inputs: inputs,
            changesOffset: end?.upperBound ?? -1)
    }

    // MARK: Made again

    /// Makes a partition again from its newest good snapshot: one that is here, or else one in the state's
    /// topic.
    ///
    /// - Parameters:
    ///   - number: of the partition.
    ///   - bounds: by topic: the first offset that is retained, and the group's.
    /// - Returns: what it was made of; `nil` if there is none to go on from.
    func restored(_ number: Int32, bounds: [String: ClosedRange<Int64>]) -> LoadedSnapshot? {
        guard let settings = shared.settings.snapshots else { return nil }
        let store = settings.store(ofGroup: shared.settings.group)
        if let loaded = load(number, from: store, bounds: bounds) { return loaded }
        guard let path = fetched(number, into: store) else { return nil }
        return load(number, from: store, paths: [path], bounds: bounds)
    }

    /// Where the group has forgotten, or was made to forget, how far it was, which snapshots know.
    func lostOffset(_ partition: KafkaTopicPartition) -> KafkaPartitionOffset? {
        let store = shared.settings.snapshots?.store(ofGroup: shared.settings.group)
        let offset = store?.processedOffset(
            ofTopic: partition.topic, partition: partition.partition, cluster: shared.cluster)
        return offset.map { KafkaPartitionOffset(partition, offset: $0) }
    }

    /// Gets the newest snapshot that is in the state's topic.
    ///
    /// - Returns: the file it is in now; `nil` if there is none.
    private func fetched(_ number: Int32, into store: SnapshotStore) -> String? {
        guard let place = shared.snapshotTopic(of: name) else { return nil }
        shared.log.info("\(name): partition \(number): no snapshot here to go on from; asking \(place.topic)")
        do throws(SnapshotTopicError) {
            let reader = try SnapshotTopicReader(place)
            let path = try reader.fetch(number, into: store) {
                shared.log.warning("\(name): partition \(number): a snapshot is passed over: \($0)")
            }
            reader.close()
            if path == nil { shared.log.info("\(name): partition \(number): no snapshot in \(place.topic)") }
            return path
        } catch {
            shared.log.warning("\(name): partition \(number): no snapshot from \(place.topic): \(error)")
            return nil
        }
    }

    private func load(
        _ number: Int32, from store: SnapshotStore, paths: [String]? = nil,
        bounds: [String: ClosedRange<Int64>]
    ) -> LoadedSnapshot? {
        let loaded = store.load(
            partition: number, plan: shared.plan, settings: work.shardSettings(number), paths: paths,
            refuse: { refusal(of: $0, number: number, bounds: bounds) },
            report: { shared.log.warning("\(name): a snapshot is passed over: \($0)") })
        guard let loaded else { return nil }
        shared.log.info(
            "\(name): partition \(number): \(loaded.header.customerCount) customers from \(loaded.path)")
        if loaded.transition.isChange {
            let kept = loaded.transition.kept.joined(separator: ", ")
            let started = loaded.transition.started.joined(separator: ", ")
            shared.log.warning(
                "\(name): partition \(number): the features have changed; kept: "
                    + "\(kept.isEmpty ? "none" : kept); starting empty: \(started.isEmpty ? "none" : started)"
            )
        }
        return loaded
    }

    /// Why a snapshot, though whole, is not where this partition can go on from.
    private func refusal(
        of header: SnapshotHeader, number: Int32, bounds: [String: ClosedRange<Int64>]
    ) -> SnapshotError? {
        let place = header.place
        if place.partition != number { return .otherPartition(found: place.partition, wanted: number) }
        if place.group != shared.settings.group {
            return .otherGroup(found: place.group, wanted: shared.settings.group)
        }
        if place.cluster != shared.cluster {
            return .otherCluster(found: place.cluster, wanted: shared.cluster)
        }
        guard Set(place.inputs.map(\.topic)) == Set(bounds.keys), place.inputs.count == bounds.count else {
            return .impossible("other input topics than are read now")
        }
        for input in place.inputs {
            guard let bounds = bounds[input.topic] else { continue }
            if input.offset > bounds.upperBound {
                return .impossible(
                    "\(input.topic) up to \(input.offset), and the group has committed \(bounds.upperBound)")
            }
            if input.offset < bounds.lowerBound {
                return .impossible(
                    "\(input.topic) up to \(input.offset), and what follows is retained from "
                        + "\(bounds.lowerBound) only")
            }
        }
        return nil
    }
}
