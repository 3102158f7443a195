internal import ShoalConfiguration
internal import ShoalCore

/// One partition with its input, before and while its events are measured.
struct Partition: ~Copyable {
    /// What an event goes through.
    enum Depth {
        /// Nobody has acted often enough to be looked at.
        case update
        /// There is no model yet.
        case vector
        /// Nobody leaves the segment they were first in.
        case assign
        /// As W1 has it: whoever is nearer to another segment moves.
        case change
    }

    private static let place = SnapshotHeader.Place(
        cluster: "cluster", group: "shoal", partition: 0,
        inputs: [SnapshotHeader.Input(topic: "clicks", offset: 0)], changesOffset: 0)

    let settings: ShardSettings
    var shard: Shard
    var lines: EventLines
    var decoder: EventDecoder
    private var events: EventBatch
    private var event: Event
    private var output = OutputBuffer()
    private var offset: Int64 = 0
    private let customerCount: Int
    /// Learns beside what is measured; `nil` where there is to be no model.
    var trainer: Trainer?

    init(_ depth: Depth, customers: Int = Workload.customerCount) {
        let plan = Workload.plan
        let limits = Workload.settings.limits.replayEvents
        var model = Workload.settings.model
        switch depth {
        case .update: model.minEvents = Int(UInt16.max) + 1
        case .assign: model.margin = 1
        case .vector, .change: break
        }
        var batch = BatchSettings()
        batch.size = Workload.eventCount
        settings = ShardSettings(
            model: model, batch: batch, partition: 0, topics: ["clicks"], writesCurrentSegments: true,
            hash: .known)
        shard = Shard(plan: plan, settings: settings)
        decoder = EventDecoder(source: .canonical(), schema: plan.schema, limits: limits)
        customerCount = customers
        lines = EventLines(customers: customers)
        events = EventBatch(plan: plan, capacity: Workload.eventCount)
        event = Event(schema: plan.schema, itemsMax: limits.itemsMax)
        if depth == .assign || depth == .change {
            trainer = Trainer(features: Workload.settings.features, planHash: plan.hash, settings: model)
        }
    }

    /// Makes one that has been at work.
    init(warm depth: Depth, customers: Int = Workload.customerCount) {
        self.init(depth, customers: customers)
        warmUp()
    }

    /// Takes events in until there is a model, and every table and buffer has grown.
    mutating func warmUp() {
        let count = max(Workload.warmupEventsMin, Workload.eventsPerCustomer * customerCount)
        for _ in 0..<count / Workload.eventCount { learn(from: nextSummary()) }
        precondition(shard.customerCount == customerCount, "Every customer has come.")
        precondition(trainer == nil || shard.counters.changes > 0, "A model has given them segments.")
    }

    /// Decodes the next events.
    mutating func fetch() {
        lines.refill()
        events.removeAll()
        let count = decode(keeping: true)
        precondition(count == Workload.eventCount, "The shop writes valid events without end.")
    }

    /// The summary of the next events.
    mutating func nextSummary() -> BatchSummary {
        fetch()
        absorb()
        return shard.takeSummary()
    }

    /// Learns from a summary, and forgets what was written.
    mutating func learn(from summary: BatchSummary) { adopt(trainer?.absorb(summary)) }

    /// Takes a model into use, if there is a new one, and forgets what was written.
    mutating func adopt(_ model: SegmentModel?) {
        if let model { shard.adopt(model, into: &output) }
        output.removeAll()
    }

    /// Decodes the lines.
    ///
    /// - Returns: how many were events.
    @discardableResult
    mutating func decode(keeping isKept: Bool) -> Int {
        var count = 0
        unsafe lines.forEach { record in
            let outcome = unsafe decoder.decode(
                record, isPadded: true, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
            guard case .event = outcome else { return }
            count += 1
            if isKept { events.append(decoder.event) }
        }
        return count
    }

    /// Absorbs the events, announcing each two before its turn, as a replay does.
    mutating func absorb() {
        shard.fetchProfile(announce(0))
        var announced = announce(1)
        for number in 0..<events.count {
            shard.fetchProfile(announced)
            announced = announce(number + 2)
            let position = EventPosition(topic: 0, partition: 0, offset: offset)
            events.load(number, into: &event)
            _ = shard.absorb(event, at: position, now: 0, into: &output)
            offset += 1
        }
    }

    @inline(__always)
    private mutating func announce(_ number: Int) -> UInt64 {
        number < events.count ? shard.announce(events.customer(of: number)) : 0
    }

    /// Saves the partition as it is.
    mutating func snapshot() -> [UInt8] {
        var bytes: [UInt8] = []
        var writer = SnapshotWriter(shard.freeze(at: Self.place), appendingTo: &bytes)
        while let block = shard.nextFrozenBlock() { writer.append(block, to: &bytes) }
        writer.finish(appendingTo: &bytes)
        return bytes
    }
}
