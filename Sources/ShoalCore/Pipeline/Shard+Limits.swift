/// Profiles that go because their customers are idle, or to make room.
///
/// A profile has expired as soon as stream time is more than the bound past its newest event, and then it is
/// gone whenever anybody looks: to its own customer's next event, who begins anew, or to the sweep, which
/// says so within a round. So what an event finds does not depend on where the sweep is.
///
/// Who makes room is chosen among a few: a cursor goes round the rows, and of the next sixteen the one that
/// is idle longest goes, as Redis samples keys for eviction. That is the longest idle of sixteen, not of all,
/// at a cost that does not grow with the customers; the newcomer takes the row over, so no hole is left.
///
/// Nobody who has withdrawn consent goes either way: the wish would be forgotten with the profile.
extension Shard {
    /// Profiles compared for eviction: the one that goes is on average among the 6 % idle longest.
    private static let candidatesMax = 16
    /// Rows looked at in search of candidates, once there is one.
    private static let rowsMax = 256

    /// The row of an event's customer, made if there is none or it has expired.
    @inline(__always)
    mutating func admit(_ event: borrowing Event, into output: inout OutputBuffer) -> (
        index: Int, isNew: Bool
    ) {
        if profiles.count - frozenCount >= settings.limits.customersMax {
            return admitAtLimit(event, into: &output)
        }
        let (index, isNew) = profiles.findOrInsert(event.customer)
        if !isNew, hasExpired(profiles.row(at: index), at: event.timestampMilliseconds) {
            restart(index, event, into: &output)
            return (index, true)
        }
        return (index, isNew)
    }

    /// Whether a profile is gone at some time, or at stream time if that is later.
    @inline(__always)
    func hasExpired(_ row: ProfileRow, at timeMilliseconds: Int64) -> Bool {
        let newest = row.newestMilliseconds
        // Without an event of its own a profile holds what its customer was told or asked for.
        guard newest != .min else { return false }
        return max(timeMilliseconds, streamTimeMilliseconds) - newest > settings.limits.idleMillisecondsMax
            && !row.isFrozen
    }

    private mutating func admitAtLimit(
        _ event: borrowing Event, into output: inout OutputBuffer
    ) -> (index: Int, isNew: Bool) {
        if let index = profiles.find(event.customer) {
            guard hasExpired(profiles.row(at: index), at: event.timestampMilliseconds) else {
                return (index, false)
            }
            restart(index, event, into: &output)
            return (index, true)
        }
        streamTimeMilliseconds = max(streamTimeMilliseconds, event.timestampMilliseconds)
        // A limit that was lowered is reached by and by.
        if profiles.count - frozenCount > settings.limits.customersMax {
            let index = longestIdle()
            leave(index, into: &output)
            profiles.remove(at: index)
            counters.displaced += 1
        }
        let index = longestIdle()
        leave(index, into: &output)
        counters.displaced += 1
        profiles.replace(at: index, with: event.customer)
        return (index, true)
    }

    /// Lets a customer who was away for too long begin anew, in the same row.
    private mutating func restart(
        _ index: Int, _ event: borrowing Event, into output: inout OutputBuffer
    ) {
        streamTimeMilliseconds = max(streamTimeMilliseconds, event.timestampMilliseconds)
        leave(index, into: &output)
        counters.expired += 1
        profiles.replace(at: index, with: event.customer)
    }

    /// Removes a profile that has expired; row indices stay as they are.
    mutating func expire(_ index: Int, into output: inout OutputBuffer) {
        leave(index, into: &output)
        counters.expired += 1
        profiles.remove(at: index)
    }

    /// When a profile begins that is made at some time.
    @inline(__always)
    func beginning(at timeMilliseconds: Int64) -> Int64 {
        max(timeMilliseconds, goneFirstSeenMilliseconds + 1)
    }

    mutating func noteGone(_ row: ProfileRow) {
        goneFirstSeenMilliseconds = max(goneFirstSeenMilliseconds, row.firstSeenMilliseconds)
    }

    /// Says that a customer is in no segment any more, if they were in one.
    private mutating func leave(_ index: Int, into output: inout OutputBuffer) {
        noteGone(profiles.row(at: index))
        guard profiles.row(at: index).segmentID != 0 else { return }
        writeChange(index, to: nil, vectorSlot: nil, cause: .time, into: &output)
    }

    /// The customer who is idle longest of the next few.
    ///
    /// - Precondition: somebody is there who has not withdrawn consent.
    private mutating func longestIdle() -> Int {
        var found: (index: Int, since: Int64)?
        var candidates = 0
        var looked = 0
        while candidates < Self.candidatesMax, found == nil || looked < Self.rowsMax {
            if evictionRow >= profiles.rowCount { evictionRow = 0 }
            let row = profiles.row(at: evictionRow)
            if !row.isRemoved, !row.isFrozen {
                candidates += 1
                let since =
                    row.newestMilliseconds == .min ? row.firstSeenMilliseconds : row.newestMilliseconds
                if since < found?.since ?? .max { found = (evictionRow, since) }
            }
            evictionRow += 1
            looked += 1
        }
        guard let found else { preconditionFailure("The table is full of people who may go.") }
        return found.index
    }
}
