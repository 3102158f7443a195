extension Shard {
    /// Identities beyond this are taken for damaged ones; the artefact of a model has the same bound.
    private static let segmentIDMax = SegmentModel.artifactCountMax

    /// Gives a customer the segment, revision and first appearance that their last change told of.
    ///
    /// Used when a partition is taken over, before the first model is adopted. A customer whose events are no
    /// longer retained gets a profile without any, so that their changes go on counting.
    ///
    /// - Parameters:
    ///   - customer: the profile's key.
    ///   - segmentID: 0 for none.
    ///   - segmentName: as it is now or was then.
    ///   - revision: of the last change, at least 1.
    ///   - firstSeen: epoch milliseconds, as possible as an event's.
    /// - Returns: whether the values were possible ones; if not, nothing has changed.
    package mutating func restore(
        customer: [UInt8], segmentID: Int, segmentName: String, revision: Int, firstSeen: Int64
    ) -> Bool {
        guard (1...Int(UInt16.max)).contains(customer.count), (0...Self.segmentIDMax).contains(segmentID),
            (1...Int(UInt32.max)).contains(revision),
            (EventLimits.earliestMilliseconds..<EventLimits.endMilliseconds).contains(firstSeen)
        else { return false }
        let index = unsafe customer.withUnsafeBufferPointer { bytes in
            unsafe profiles.findOrInsert(LentBytes(start: bytes.baseAddress, count: bytes.count)).index
        }
        let row = profiles.rowToChange(at: index)
        if row.segmentID != 0 { flows[Int(row.segmentID)].members -= 1 }
        row.segmentID = UInt32(segmentID)
        row.revision = UInt32(revision)
        row.firstSeenMilliseconds = firstSeen
        guard segmentID != 0 else { return true }
        nameSegment(segmentID, segmentName)
        while flows.count <= segmentID { flows.append(SegmentFlow()) }
        flows[segmentID].members += 1
        return true
    }

    /// Removes a customer of whom the last change told that they are gone.
    ///
    /// - Parameters:
    ///   - customer: the profile's key.
    ///   - firstSeen: of the profile that is gone; one that began later stays.
    package mutating func restoreAbsence(of customer: [UInt8], firstSeen: Int64) {
        guard let index = index(of: customer) else { return }
        let row = profiles.row(at: index)
        guard row.firstSeenMilliseconds == firstSeen, row.segmentID != 0, !row.isFrozen else { return }
        flows[Int(row.segmentID)].members -= 1
        noteGone(row)
        profiles.remove(at: index)
    }

    /// Remembers the name of a segment that has none here; there are few, so the copy is rare.
    private mutating func nameSegment(_ id: Int, _ name: String) {
        guard id >= segmentNames.count || segmentNames[id].bytes.isEmpty else { return }
        var names = (0..<segmentNames.count).map { unsafe Array(segmentNames[$0].bytes.buffer) }
        while names.count <= id { names.append([]) }
        names[id] = OutputBuffer.escaped(name)
        segmentNames = FrozenTexts(names)
    }
}
