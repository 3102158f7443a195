package import ShoalCore

/// What one lane says of itself, a few times a second.
package struct LaneStatus: Sendable {
    package enum Phase: String, Sendable { case joining, recovering, live, paused, stopped }

    package var phase = Phase.joining
    /// Whether the group has said which partitions are the lane's; there may be none for it.
    package var hasJoined = false
    /// Partition numbers that the lane owns.
    package var partitions: [Int32] = []
    /// Input records processed since start, replays for recovery left out.
    package var records = 0
    /// Of these, records on another partition than murmur2 of their key chooses.
    package var misplacedRecords = 0
    package var counters = ShardCounters()
    package var customers = 0
    package var profileBytes = 0
    /// What `lagRecords` is of, by partition of an input topic.
    package var lags: [PartitionLag] = []
    /// Records that the owned partitions hold beyond what is processed.
    package var lagRecords: Int64 { lags.reduce(0) { $0 + $1.records } }
    /// How often a partition was read on from its first record, because the one that was next is gone.
    package var lostPlaces = 0
    /// Outputs that are not in Kafka yet.
    package var outstandingRecords = 0
    /// Records replayed to recover state.
    package var recoveredRecords = 0
    /// By identity of the segment.
    package var flows: [SegmentFlow] = []
    /// Who went from where to where since start.
    package var moves = SegmentMoves()
    package var rejections = RejectionCounts()
    /// The newest event time of the owned partitions, epoch milliseconds; `nil` before the first event.
    package var streamTimeMilliseconds: Int64?
    /// From a record's Kafka timestamp to the commit that makes its outputs final; with `at_least_once` to
    /// their handing over to the producer.
    package var latency = LatencyMeter()
    /// How long commits take.
    package var commits = LatencyMeter()
    package var modelVersion = 0
    /// When the lane last committed, epoch milliseconds; `nil` before.
    package var committedAtEpochMilliseconds: Int64?

    package init() {}
}
