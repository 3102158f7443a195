extension Shard {
    /// Why a customer is looked at.
    enum Cause {
        case event(FieldValue, EventPosition)
        case model
        case time
        case erasure

        /// Length of an event's type.
        var typeBytes: Int { if case .event(let type, _) = self { type.text.count } else { 0 } }

        /// Whether a change comes from the customer, and not from a model that groups anew.
        var isMove: Bool {
            switch self {
            case .event, .time: true
            case .model, .erasure: false
            }
        }
    }

    /// Takes a published model into use and assigns everybody whom that concerns, at once.
    ///
    /// - Complexity: O(k·d); O(customers) on a structural change, with a record for each who moves.
    package mutating func adopt(_ model: SegmentModel, into output: inout OutputBuffer) {
        beginAdopting(model)
        while isReassigning { reassign(limit: profiles.rowCount, into: &output) }
    }

    /// Takes a published model into use.
    ///
    /// The first model, and every structural change, assigns all customers: `reassign` is then to be called
    /// until `isReassigning` is false. In between a customer is looked at when an event of theirs comes.
    ///
    /// - Complexity: O(k·d).
    package mutating func beginAdopting(_ model: SegmentModel) {
        precondition(model.planHash == plan.hash, "The owner checks a model's plan before handing it over.")
        let isStructural = modelGeneration != model.generation
        if !isStructural, !(self.model?.hasNames(of: model) ?? false) { rename(model.segments) }
        active = ActiveModel(model, featureNames: featureNames)
        self.model = model
        (modelVersion, modelGeneration) = (model.version, model.generation)
        priors = model.priors
        guard isStructural else { return }
        rename(model.segments)
        reassignedRow = 0
        // Vectors gathered under the old segments are measured anew when their customers come again.
        batch.removeAll()
    }

    /// Whether a structural change has customers left to assign, and there is the model to do it with.
    package var isReassigning: Bool { reassignedRow != nil && active.segmentCount > 0 }

    /// Assigns the next customers after a structural change, in order of first appearance.
    ///
    /// - Parameters:
    ///   - limit: Of the customers looked at; bounds the time this takes and the room that changes need.
    ///   - output: Gets the changes that the model causes.
    /// - Returns: How many were looked at.
    @discardableResult
    package mutating func reassign(limit: Int, into output: inout OutputBuffer) -> Int {
        guard isReassigning, let first = reassignedRow else { return 0 }
        let end = first + min(limit, profiles.rowCount - first)
        look(at: first..<end, cause: .model, into: &output)
        reassignedRow = end < profiles.rowCount ? end : nil
        return end - first
    }

    /// Evaluates rows that wait for no event of theirs.
    ///
    /// The one slot of a batch of its own lends the vector, so that looking does not count as an event.
    ///
    /// - Parameters:
    ///   - rows: Of the table.
    ///   - spared: A row whose customer is acting just now.
    ///   - cause: What the changes name.
    ///   - output: Gets the changes.
    mutating func look(
        at rows: Range<Int>, sparing spared: Int? = nil, cause: Cause, into output: inout OutputBuffer
    ) {
        swap(&idleBatch, &batch)
        for index in rows where index != spared {
            let row = profiles.row(at: index)
            if row.isRemoved || row.isFrozen || row.newestMilliseconds == .min { continue }
            if hasExpired(row, at: streamTimeMilliseconds) {
                expire(index, into: &output)
                continue
            }
            if active.segmentCount == 0 { continue }
            if row.segmentID == 0, !isKnown(row) { continue }
            let slot = batch.slot(forRow: index, now: 0)
            fillVector(of: row, slot: slot)
            evaluate(index, slot: slot, cause: cause, into: &output)
            batch.removeAll()
        }
        swap(&idleBatch, &batch)
    }

    mutating func rename(_ segments: [SegmentModel.Segment]) {
        var names = (0..<segmentNames.count).map { unsafe Array(segmentNames[$0].bytes.buffer) }
        for segment in segments {
            while names.count <= segment.id { names.append([]) }
            while flows.count <= segment.id { flows.append(SegmentFlow()) }
            names[segment.id] = OutputBuffer.escaped(segment.name)
        }
        segmentNames = FrozenTexts(names)
    }

    /// Decides which segment a profile is in, from its vector in the batch.
    @inline(__always)
    mutating func evaluate(_ index: Int, slot: Int, cause: Cause, into output: inout OutputBuffer) {
        guard active.segmentCount > 0 else {
            batch.setSegment(-1, squaredDistance: 0, slot: slot)
            return
        }
        let nearest = unsafe active.measure(batch.vector(slot))
        batch.setSegment(nearest.index, squaredDistance: nearest.squaredDistance, slot: slot)
        let row = profiles.rowToChange(at: index)
        if isSettled(row, nearest, slot: slot) { return }
        writeChange(
            index, to: nearest, vectorSlot: slot, cause: cause, into: &output)
    }

    /// Whether the customer stays: the nearest segment is theirs, or not nearer by enough, often enough, late
    /// enough.
    @inline(__always)
    private mutating func isSettled(
        _ row: ProfileRow, _ nearest: ActiveModel.Nearest, slot: Int
    ) -> Bool {
        if row.segmentID == 0 { return false }
        let id = active.ids[nearest.index]
        if row.segmentID == id {
            if row.candidateCount != 0 { row.candidateCount = 0 }
            return true
        }
        // A segment that the model no longer has holds nobody.
        guard let current = active.index(ofSegment: row.segmentID) else { return false }
        let distance = active.squaredDistance(to: current)
        let gain = distance - nearest.squaredDistance
        if nearest.squaredDistance >= Float(1 - settings.model.margin) * distance
            || isUncertain(row, slot: slot, from: current, to: nearest.index, gain: gain)
        {
            row.candidateCount = 0
            counters.suppressedFlaps += 1
            return true
        }
        return mustWait(row, candidate: id)
    }

    /// Whether the customer's few events could have made another segment look nearer by chance.
    ///
    /// The difference d²(x, from) − d²(x, to) is linear in x, so its variance is
    /// Σ (2·factor·(to − from))²·var(x). Features are taken to be independent.
    private mutating func isUncertain(_ row: ProfileRow, slot: Int, from: Int, to: Int, gain: Float) -> Bool {
        guard settings.model.certainty > 0 else { return false }
        var variance = 0.0
        for feature in 0..<plan.featureCount {
            let slope =
                2 * active.factor(feature)
                * (active.typical(feature, ofSegment: to) - active.typical(feature, ofSegment: from))
            if slope == 0 { continue }
            variance +=
                slope * slope
                * plan.samplingVariance(
                    of: feature, row, at: streamTimeMilliseconds,
                    value: unsafe Double(batch.vector(slot)[feature]),
                    spread: active.scale(feature))
        }
        return Double(gain) < settings.model.certainty * variance.squareRoot()
    }

    /// Whether `confirm` or `min_dwell` holds a justified move back.
    private mutating func mustWait(_ row: ProfileRow, candidate: UInt32) -> Bool {
        if settings.model.confirm > 1 {
            // Stops at the largest bound that `confirm` may have: a least dwell may hold a customer longer.
            row.candidateCount = row.candidateID == candidate ? min(row.candidateCount, .max - 1) + 1 : 1
            row.candidateID = candidate
            if Int(row.candidateCount) < settings.model.confirm {
                counters.suppressedFlaps += 1
                return true
            }
        }
        if let changed = lastChange(of: row), streamTimeMilliseconds - changed < settings.model.minDwell {
            counters.suppressedFlaps += 1
            return true
        }
        return false
    }

    /// When the segment last changed, if the plan keeps that and it ever did.
    func lastChange(of row: ProfileRow) -> Int64? {
        guard plan.layout.lastChange != 0 else { return nil }
        let changed = row.load(plan.layout.lastChange, as: Int64.self)
        return changed == .min ? nil : changed
    }
}
