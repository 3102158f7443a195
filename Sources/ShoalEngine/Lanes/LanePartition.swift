internal import ShoalCore

/// What a lane keeps for one partition number: the customers of all input topics' partitions of that number.
///
/// Belongs to the lane's thread.
final class LanePartition {
    let number: Int32
    private let owned: Owned<Shard>
    /// The mailbox's serial of the model in use; 0 before the first.
    var modelSerial = 0
    /// Counts of work done before this lane went live with the partition.
    private var baseline = ShardCounters()
    private var flowBaseline: [SegmentFlow] = []
    private var moveBaseline = SegmentMoves()
    /// Since when vectors wait to be summarised; `nil` while none do.
    var pendingSinceMilliseconds: Int64?

    init(number: Int32, shard: consuming Shard) {
        self.number = number
        owned = Owned(shard)
    }

    var shard: Shard {
        @inline(__always) _read { yield owned.value }
        @inline(__always) _modify { yield &owned.value }
    }

    /// The shard, for as long as somebody keeps this partition.
    var lentShard: Lent<Shard> { owned.lent }

    /// What was done here since the last `beginCounting`.
    var counters: ShardCounters { shard.counters - baseline }

    /// Who is in which segment, and how many came and went since the last `beginCounting`.
    var flows: [SegmentFlow] {
        var flows = shard.flows
        for (id, before) in flowBaseline.enumerated() {
            flows[id].entered -= before.entered
            flows[id].left -= before.left
        }
        return flows
    }

    /// Who went from where to where since the last `beginCounting`.
    var moves: SegmentMoves { shard.moves - moveBaseline }

    /// Counts from here: what lies before was recovered, or is counted elsewhere.
    func beginCounting() {
        baseline = shard.counters
        flowBaseline = shard.flows
        moveBaseline = shard.moves
    }
}
