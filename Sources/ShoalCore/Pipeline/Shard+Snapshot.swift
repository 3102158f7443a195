/// A shard that is saved while it goes on, and made again from what was saved.
///
/// Vectors that no summary has told of are not part of it: the owner takes the summary first. What was made
/// again continues exactly as the one that was saved, once it has the model in force again.
extension Shard {
    /// Freezes the partition as it is now, for `nextFrozenBlock` to hand out.
    ///
    /// - Parameter place: whose state it is, and up to where of the input.
    /// - Returns: what the snapshot begins with.
    /// - Complexity: O(customers / 64) flags; rows are copied later, and before they change.
    package mutating func freeze(at place: SnapshotHeader.Place) -> SnapshotHeader {
        profiles.freeze()
        return SnapshotHeader(
            place: place, rowCount: profiles.rowCount, customerCount: profiles.count,
            streamTimeMilliseconds: streamTimeMilliseconds,
            goneFirstSeenMilliseconds: goneFirstSeenMilliseconds,
            cursors: SnapshotHeader.Cursors(
                sweptMilliseconds: sweptMilliseconds, sweepRow: sweepRow, sweepDebt: sweepDebt,
                evictionRow: evictionRow, rowsDue: rowsDue, reassignedRow: reassignedRow ?? -1),
            modelVersion: modelVersion, modelGeneration: modelGeneration, counters: counters, priors: priors,
            segments: (0..<max(flows.count, segmentNames.count)).map { id in
                var segment = SnapshotHeader.Segment()
                if id < segmentNames.count { segment.name = unsafe Array(segmentNames[id].bytes.buffer) }
                if id < flows.count { (segment.entered, segment.left) = (flows[id].entered, flows[id].left) }
                return segment
            }, plan: SnapshotPlan(plan))
    }

    /// The next part of the frozen rows, `nil` when all of them were handed out.
    package mutating func nextFrozenBlock() -> FrozenBlock? { profiles.nextFrozenBlock() }

    /// Gives the snapshot up that is being taken.
    package mutating func thaw() { profiles.thaw() }

    /// Whether frozen rows are still to be handed out.
    package var isFrozen: Bool { profiles.frozen != nil }

    init(
        plan: FeaturePlan, settings: ShardSettings, header: SnapshotHeader,
        profiles: consuming ProfileTable
    ) {
        self.init(plan: plan, settings: settings, profiles: profiles)
        streamTimeMilliseconds = header.streamTimeMilliseconds
        goneFirstSeenMilliseconds = header.goneFirstSeenMilliseconds
        sweptMilliseconds = header.cursors.sweptMilliseconds
        (sweepRow, sweepDebt) = (header.cursors.sweepRow, header.cursors.sweepDebt)
        (evictionRow, rowsDue) = (header.cursors.evictionRow, header.cursors.rowsDue)
        reassignedRow = header.cursors.reassignedRow < 0 ? nil : header.cursors.reassignedRow
        (modelVersion, modelGeneration) = (header.modelVersion, header.modelGeneration)
        counters = header.counters
        summarised = header.counters
        // They are told by feature, and the first model of another plan brings its own.
        if header.plan.hash == plan.hash { priors = header.priors }
        segmentNames = FrozenTexts(header.segments.map(\.name))
        flows = header.segments.map { segment in
            var flow = SegmentFlow()
            (flow.entered, flow.left) = (segment.entered, segment.left)
            return flow
        }
        for index in 0..<self.profiles.rowCount {
            let row = self.profiles.row(at: index)
            if row.isFrozen { frozenCount += 1 }
            let id = Int(row.segmentID)
            if id == 0 { continue }
            while flows.count <= id { flows.append(SegmentFlow()) }
            flows[id].members += 1
        }
    }
}
