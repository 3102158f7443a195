internal import ShoalCore

/// The candidate's side of a replay: the same records through a shard of its own, whose output nobody gets.
///
/// Both sides are measured from the record at which both have a model.
struct ReplayShadow: ~Copyable {
    /// Counts at the beginning of the comparison.
    private struct Baseline {
        let live: ShardCounters
        let candidate: ShardCounters
    }

    private var shard: Shard
    private var trainer: Trainer?
    private var decoder: EventDecoder
    private var output = OutputBuffer()
    private var baseline: Baseline?
    private var liveFit = ShadowFit()
    private var fit = ShadowFit()

    init(_ shadow: ShadowOptions, of options: ReplayOptions, hash: KeyHash) {
        let plan = shadow.plan
        var settings = ShardSettings(
            model: shadow.model, batch: shadow.batch, partition: 0, topics: options.files,
            writesCurrentSegments: false, hash: hash)
        settings.limits = options.profiles
        shard = Shard(plan: plan, settings: settings)
        decoder = EventDecoder(source: options.source, schema: plan.schema, limits: options.limits)
        if let candidate = shadow.candidate {
            trainer = nil
            shard.adopt(candidate, into: &output)
        } else {
            trainer = Trainer(features: plan.definitions, planHash: plan.hash, settings: shadow.model)
        }
    }

    mutating func beginFile() { decoder.beginFile() }

    /// Takes a header in that the live side has taken.
    mutating func adoptHeader(_ line: LentBytes) {
        // Safe: the line lives as long as its batch. What is wrong with it the reader has told.
        try? unsafe decoder.adoptHeader(UnsafeRawBufferPointer(line.buffer))
    }

    /// Takes a record in as the live side does.
    mutating func take(_ line: LentBytes, at position: EventPosition) {
        let streamTime = shard.streamTimeMilliseconds
        let lead = EventLimits.replayLeadMillisecondsMax
        // Safe: the line lives as long as its batch, and the shard copies what it keeps.
        let outcome = unsafe decoder.decode(
            UnsafeRawBufferPointer(line.buffer), isPadded: true, recordTimestampMilliseconds: nil,
            latestMilliseconds: streamTime == .min ? .max : streamTime + lead)
        guard case .event = outcome else { return }
        let now = max(streamTime, decoder.event.timestampMilliseconds)
        _ = shard.absorb(decoder.event, at: position, now: now, into: &output)
        if shard.summaryIsDue(now: shard.streamTimeMilliseconds) { learn() }
        output.removeAll()
    }

    private mutating func learn() {
        let summary = shard.takeSummary()
        if baseline != nil { fit.add(summary) }
        guard var current = trainer.take() else { return }
        if let model = current.absorb(summary) { shard.adopt(model, into: &output) }
        trainer = current
    }

    /// Hears of the live side's batch.
    mutating func observe(_ summary: BatchSummary) {
        if baseline != nil { liveFit.add(summary) }
    }

    /// Begins to compare once both sides have a model.
    mutating func compare(with live: borrowing Shard) {
        guard baseline == nil, live.model != nil, shard.model != nil else { return }
        baseline = Baseline(live: live.counters, candidate: shard.counters)
    }

    /// Where everybody ended up on both sides.
    ///
    /// - Parameters:
    ///   - live: the live side, at the end.
    ///   - model: its newest model.
    /// - Returns: `nil` if the sides never had a model each.
    func report(against live: borrowing Shard, model: SegmentModel?) -> ShadowReport? {
        guard let baseline, let model, let candidate = shard.model else { return nil }
        var tally = ShadowTally()
        live.forEachMembership { customer, segmentID in
            tally.add(live: segmentID, candidate: shard.segmentID(of: customer) ?? 0)
        }
        let events = live.counters.accepted - baseline.live.accepted
        return ShadowReport(
            basis: .customers,
            live: ShadowReport.Measured(
                model: model, fit: liveFit, changes: live.counters.changes - baseline.live.changes),
            candidate: ShadowReport.Measured(
                model: candidate, fit: fit, changes: shard.counters.changes - baseline.candidate.changes),
            tally: tally, events: events)
    }
}
