/// One partition's customers and the loop that an event goes through: profile, vector, segment, change.
///
/// Pure and synchronous: bytes and models come in as arguments, records to emit go out through an
/// `OutputBuffer`. Used by one thread at a time.
///
/// What runs for every event or change is `mutating` even where it changes nothing: to lend a value of this
/// size, 1.5 kB, to a call, Swift 6.3 copies it.
package struct Shard: ~Copyable {
    /// What became of a decoded event.
    package enum Outcome: Sendable { case accepted, duplicate, ignored }

    package let plan: FeaturePlan
    let settings: ShardSettings
    var profiles: ProfileTable
    var active: ActiveModel
    /// The model in force, `nil` before the first.
    package internal(set) var model: SegmentModel?
    /// Of the model in force, also while a shard that was made again waits for it; 0 before the first.
    var modelVersion = 0
    var modelGeneration = 0
    let featureNames: FrozenTexts
    /// Segment names by identity, kept after a segment is gone: a change may still leave it.
    var segmentNames = FrozenTexts()
    var priors: [Double] = []
    var batch: VectorBatch
    /// Stream time up to which the sweep has come, and the row that it looks at next.
    var sweptMilliseconds: Int64 = .max
    var sweepRow = 0
    /// Rows × milliseconds that have passed towards the next row's turn.
    var sweepDebt: Int64 = 0
    /// Rows whose turn has come.
    var rowsDue = 0
    /// Lends its one slot where customers are looked at without an event.
    var idleBatch: VectorBatch
    /// The next row to assign after a structural change; `nil` when all are.
    var reassignedRow: Int?
    /// The next row that may have to make room for another customer.
    var evictionRow = 0
    /// Customers who have withdrawn consent.
    var frozenCount = 0
    let topics: FrozenTexts

    /// The largest event time accepted, epoch milliseconds; `Int64.min` before the first.
    package internal(set) var streamTimeMilliseconds: Int64 = .min
    /// The latest beginning of a profile that has gone; `Int64.min` before the first has.
    ///
    /// A customer who comes again begins later than that, even while stream time stands still: otherwise
    /// their changes would have the ids of those of before.
    var goneFirstSeenMilliseconds: Int64 = .min
    package internal(set) var counters = ShardCounters()
    /// By identity of the segment.
    package internal(set) var flows: [SegmentFlow] = []
    /// Since this shard was made.
    package internal(set) var moves = SegmentMoves()
    var summarised = ShardCounters()
    private var eventTypes = EventTypeCounter()
    private var latenessMilliseconds: Int64 = 0
    /// Customers who have gone from one segment to another since the last summary.
    var segmentMoves = 0
    /// `nil` where nobody watches for drift.
    private var inflow: InflowBatch?

    package init(plan: FeaturePlan, settings: ShardSettings) {
        self.init(
            plan: plan, settings: settings,
            profiles: ProfileTable(layout: plan.layout, hash: settings.hash))
    }

    init(plan: FeaturePlan, settings: ShardSettings, profiles: consuming ProfileTable) {
        self.plan = plan
        self.settings = settings
        self.profiles = profiles
        active = ActiveModel(featureCount: plan.featureCount)
        featureNames = FrozenTexts(plan.definitions.map { OutputBuffer.escaped($0.name) })
        batch = VectorBatch(featureCount: plan.featureCount, capacity: settings.batch.size)
        idleBatch = VectorBatch(featureCount: plan.featureCount, capacity: 1)
        topics = FrozenTexts(settings.topics.map(OutputBuffer.escaped))
        if settings.model.driftResponse != .ignore { inflow = InflowBatch(plan: plan) }
    }

    /// Customers with a profile.
    package var customerCount: Int { profiles.count }

    /// Bytes held for profiles.
    package var profileBytes: Int { profiles.bytes }

    package mutating func countRejected() { counters.rejected += 1 }
    package mutating func countIgnored() { counters.ignored += 1 }

    /// Takes one decoded event in and writes the change that it causes, if any.
    ///
    /// - Parameters:
    ///   - event: lent by its decoder.
    ///   - position: where it came from.
    ///   - now: milliseconds on the clock that `batch.interval` counts.
    ///   - output: gets the records to emit.
    /// - Returns: whether the event was new and wanted.
    /// - Precondition: `summaryIsDue` is false, or the summary has been taken.
    /// - Complexity: O(accumulators + k·d). Does not allocate once tables have grown.
    @inline(__always)
    package mutating func absorb(
        _ event: borrowing Event, at position: EventPosition, now: Int64, into output: inout OutputBuffer
    ) -> Outcome {
        if profiles.isSparse { closeHoles() }
        if event.purpose != .ordinary { return control(event, into: &output) }
        let isLater = event.timestampMilliseconds > streamTimeMilliseconds
        let (index, isNew) = admit(event, into: &output)
        let row = profiles.rowToChange(at: index)
        let isFrozen = row.isFrozen
        if let fingerprint = event.fingerprint, row.recognises(fingerprint, remembers: !isFrozen) {
            counters.duplicates += 1
            return .duplicate
        }
        if isFrozen {
            counters.ignored += 1
            return .ignored
        }
        counters.accepted += 1
        if isLater {
            streamTimeMilliseconds = event.timestampMilliseconds
            // Before the event, so that its customer is looked at once, with it.
            if sweepIsDue { sweep(sparing: index, into: &output) }
        }
        latenessMilliseconds &+= streamTimeMilliseconds - event.timestampMilliseconds
        eventTypes.count(event[.type].text)
        if isNew { row.firstSeenMilliseconds = beginning(at: streamTimeMilliseconds) }
        plan.absorb(event, into: row)
        inflow?.take(event)
        let eventCount = row.eventCount
        if eventCount < .max { row.eventCount = eventCount + 1 }
        if row.segmentID == 0, !isKnown(row) { return .accepted }
        let slot = batch.slot(forRow: index, now: now)
        fillVector(of: row, slot: slot)
        evaluate(index, slot: slot, cause: .event(event[.type], position), into: &output)
        return .accepted
    }

    /// Tells that an event of a customer will be absorbed soon, so that the profile can be looked for
    /// meanwhile.
    ///
    /// A profile that was not touched lately costs two cache misses, one after the other: the place in the
    /// index, then the row. This asks for the first, `fetchProfile` for the second.
    ///
    /// - Returns: what `fetchProfile` wants. Both are hints: whatever happens in between does no harm.
    @inline(__always)
    package mutating func announce(_ customer: LentBytes) -> UInt64 {
        profiles.prefetchSlot(of: customer)
    }

    /// Asks memory for the profile of an announced event.
    @inline(__always)
    package mutating func fetchProfile(_ announced: UInt64) { profiles.prefetchRow(hash: announced) }

    /// Whether a customer has acted often enough to be learned from and given a segment.
    @inline(__always)
    func isKnown(_ row: ProfileRow) -> Bool { Int(row.eventCount) >= settings.model.minEvents }

    /// Computes the vector of a profile at stream time into a slot of the batch.
    @inline(__always)
    mutating func fillVector(of row: ProfileRow, slot: Int) {
        let vector = unsafe batch.vector(slot)
        plan.forEachRawFeature(of: row, at: streamTimeMilliseconds, priors: priors) { feature, raw in
            unsafe vector[feature] = plan.transformed(raw, feature: feature)
        }
        for index in plan.populationFeatures.indices {
            let feature = plan.populationFeatures[index]
            batch.setEvidence(
                plan.evidence(of: feature, row, at: streamTimeMilliseconds), feature: feature, slot: slot)
        }
    }

    /// Consent, erasure and aliases: no feature and no time changes.
    private mutating func control(_ event: borrowing Event, into output: inout OutputBuffer) -> Outcome {
        var known = profiles.find(event.customer)
        if let index = known {
            let row = profiles.rowToChange(at: index)
            let isWanted = !row.isFrozen || event.purpose != .identify
            if let fingerprint = event.fingerprint, row.recognises(fingerprint, remembers: isWanted) {
                counters.duplicates += 1
                return .duplicate
            }
            if !isWanted {
                counters.ignored += 1
                return .ignored
            }
        }
        switch event.purpose {
        case .ordinary:
            break
        case .identify:
            if let index = known { profiles.addAlias(event.anonymousID, at: index) }
        case .forget:
            if let index = known { erase(index, into: &output) }
        case .consentGranted:
            if let index = known { setFrozen(index, false) }
        case .consentWithdrawn:
            if known == nil { known = insertSilently(event) }
            if let index = known { setFrozen(index, true) }
        }
        counters.accepted += 1
        return .accepted
    }

    private mutating func setFrozen(_ index: Int, _ isFrozen: Bool) {
        let row = profiles.rowToChange(at: index)
        if row.isFrozen != isFrozen { frozenCount += isFrozen ? 1 : -1 }
        row.isFrozen = isFrozen
    }

    /// Makes a profile for a customer of whom nothing is known but a wish.
    private mutating func insertSilently(_ event: borrowing Event) -> Int {
        let (index, _) = profiles.findOrInsert(event.customer)
        let row = profiles.row(at: index)
        row.firstSeenMilliseconds = beginning(
            at: streamTimeMilliseconds == .min ? event.timestampMilliseconds : streamTimeMilliseconds)
        if let fingerprint = event.fingerprint { _ = row.recognises(fingerprint) }
        return index
    }

    private mutating func erase(_ index: Int, into output: inout OutputBuffer) {
        let row = profiles.row(at: index)
        noteGone(row)
        if row.isFrozen { frozenCount -= 1 }
        if row.segmentID != 0 { writeChange(index, to: nil, vectorSlot: nil, cause: .erasure, into: &output) }
        profiles.remove(at: index)
        counters.erased += 1
    }

    /// Closes holes between two events, when no row is in use.
    private mutating func closeHoles() {
        var cursors = [sweepRow, evictionRow, reassignedRow ?? 0]
        profiles.compact(&cursors)
        (sweepRow, evictionRow) = (cursors[0], cursors[1])
        if reassignedRow != nil { reassignedRow = cursors[2] }
        batch.forgetRows()
    }

    /// Whether the batch is full, or old enough to be told of.
    ///
    /// - Parameter now: milliseconds on the clock that `absorb` was given.
    /// - Returns: whether `takeSummary` should be called before the next event.
    @inline(__always)
    package mutating func summaryIsDue(now: Int64) -> Bool {
        if batch.count >= settings.batch.size { return true }
        return counters.accepted - summarised.accepted >= BatchSettings.eventCountMin
            && now &- batch.startMilliseconds >= settings.batch.interval
    }

    /// Vectors that no summary has told of yet.
    package var pendingVectors: Int { batch.count }

    /// Hands out what the trainer should know since the last summary and starts the next batch.
    package mutating func takeSummary() -> BatchSummary {
        var summary = BatchSummary(
            planHash: plan.hash, partition: settings.partition, featureCount: plan.featureCount,
            model: model)
        summary.streamTimeMilliseconds = streamTimeMilliseconds
        batch.summarise(
            into: &summary, hasModel: model != nil, populationFeatures: plan.populationFeatures)
        inflow?.summarise(into: &summary)
        summary.segmentMoves = segmentMoves
        segmentMoves = 0
        summary.acceptedEvents = counters.accepted - summarised.accepted
        summary.rejectedRecords = counters.rejected - summarised.rejected
        summary.eventTypes = eventTypes.take()
        summary.latenessMilliseconds = latenessMilliseconds
        latenessMilliseconds = 0
        summarised = counters
        batch.removeAll()
        return summary
    }
}
