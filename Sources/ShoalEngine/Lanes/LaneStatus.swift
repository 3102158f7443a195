package import ShoalCore

/// What one lane says of itself, a few times a second.
package struct LaneStatus: Sendable {
    package enum Phase: String, Sendable { case joining, recovering, live, paused, stopped }

    package var phase = Phase.joining
    /// Partition numbers that the lane owns.
    package var partitions: [Int32] = []
    /// Input records processed since start, replays for recovery left out.
    package var records = 0
    /// Of these, records on another partition than murmur2 of their key chooses.
    package var misplacedRecords = 0
    package var counters = ShardCounters()
    package var customers = 0
    package var profileBytes = 0
    /// Records that the owned partitions hold beyond what is processed.
    package var lagRecords: Int64 = 0
    /// How often a partition was read on from its first record, because the one that was next is gone.
    package var lostPlaces = 0
    /// Outputs that are not in Kafka yet.
    package var outstandingRecords = 0
    /// Records replayed to recover state.
    package var recoveredRecords = 0
    /// By identity of the segment.
    package var flows: [SegmentFlow] = []
    package var modelVersion = 0
    /// When the lane last committed, epoch milliseconds; `nil` before.
    package var committedAtEpochMilliseconds: Int64?

    package init() {}
}
