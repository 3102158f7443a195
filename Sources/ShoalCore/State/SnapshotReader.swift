/// Reads a snapshot back; whatever the bytes are, it throws or gives the shard that was frozen.
package struct SnapshotReader {
    package let header: SnapshotHeader
    private var feed: SnapshotFeed

    /// Reads the header.
    ///
    /// - Parameter source: hands out the next bytes of the snapshot, none at the end.
    /// - Throws: `SnapshotError` with the first thing that is wrong.
    package init(_ source: @escaping () throws(SnapshotError) -> [UInt8]) throws(SnapshotError) {
        var isEmpty = true
        var feed = SnapshotFeed { () throws(SnapshotError) in
            let bytes = try source()
            if isEmpty, bytes.isEmpty { throw .empty }
            isEmpty = false
            return bytes
        }
        header = try SnapshotHeader(from: &feed)
        self.feed = feed
    }

    /// What becomes of the features in a plan.
    package func transition(to plan: FeaturePlan) -> PlanTransition {
        PlanTransition(from: header.plan, to: SnapshotPlan(plan))
    }

    /// Reads all of it and looks at every row, but makes nothing of it.
    ///
    /// - Throws: `SnapshotError` with the first thing that is wrong.
    package consuming func verify() throws(SnapshotError) {
        _ = try table(
            layout: header.plan.layout, hash: .known,
            transition: PlanTransition(from: header.plan, to: header.plan))
    }

    /// Makes the shard again.
    ///
    /// - Parameters:
    ///   - plan: of this run; it may differ from the snapshot's.
    ///   - settings: of this run.
    /// - Returns: the shard as it was, but for features that are new or gone.
    /// - Throws: `SnapshotError` with the first thing that is wrong.
    package consuming func shard(
        plan: FeaturePlan, settings: ShardSettings
    ) throws(SnapshotError) -> Shard {
        let transition = transition(to: plan)
        let header = header
        let table = try table(layout: plan.layout, hash: settings.hash, transition: transition)
        return Shard(plan: plan, settings: settings, header: header, profiles: table)
    }

    private consuming func table(
        layout: ProfileLayout, hash: KeyHash, transition: PlanTransition
    ) throws(SnapshotError) -> ProfileTable {
        let header = header
        var feed = feed
        var frame = FrameExpander()
        var rows = SnapshotRows(header: header, layout: layout, hash: hash, offsets: transition.offsets)
        do throws(SnapshotError) {
            while try rows.readGroup(from: &frame, &feed) {}
            try frame.finish(from: &feed)
        } catch {
            // Rows that cannot be are most likely damaged ones, which the checksum tells.
            guard case .impossible = error, try !feed.hasRightChecksum() else { throw error }
            throw .wrongChecksum
        }
        let takenBytes = feed.takenBytes
        let lengthBytes = try feed.take(8)
        let checksum = feed.checksum.value
        var trailer = WireReader(bytes: lengthBytes + (try feed.take(4)), position: 0)
        let length: UInt64 = trailer.next()
        guard length == UInt64(takenBytes + 12), trailer.next() == checksum else { throw .wrongChecksum }
        try feed.requireEnd()
        return try rows.finish()
    }
}
