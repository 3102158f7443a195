extension SegmentModel {
    /// This model as the successor of another: the next version and generation, and no identity used again.
    package func succeeding(_ other: SegmentModel) -> SegmentModel {
        var successor = self
        successor.version = max(version, other.version) + 1
        successor.generation = max(generation, other.generation) + 1
        successor.nextSegmentID = max(nextSegmentID, other.nextSegmentID)
        return successor
    }

    /// This model put in force after others: a newer version, and no generation or identity used again.
    package func going(on used: ModelNumbers) -> SegmentModel {
        var next = self
        next.version = max(version, used.version) + 1
        next.nextSegmentID = max(nextSegmentID, used.nextSegmentID)
        if generation <= used.generation { next.generation = used.generation + 1 }
        return next
    }

    /// This model as the first of its features where models of others were in force before: its segments get
    /// identities that none of those had.
    package func beginning(after used: ModelNumbers) -> SegmentModel {
        guard used != ModelNumbers() else { return self }
        var first = self
        first.version = max(version, used.version) + 1
        first.generation = max(generation, used.generation) + 1
        let shift = used.nextSegmentID - 1
        first.nextSegmentID += shift
        // The model as it was has other identities, so it is no kin.
        if first.origin != 0 { first.origin = max(1, first.origin &+ UInt64(shift)) }
        for index in segments.indices { first.segments[index].id += shift }
        for index in lineage.indices {
            first.lineage[index].segment += shift
            first.lineage[index].other = lineage[index].other.map { $0 + shift }
        }
        return first
    }
}
