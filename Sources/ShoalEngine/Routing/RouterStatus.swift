package import ShoalCore

/// What the router says of itself, a few times a second.
package struct RouterStatus: Sendable {
    /// Whether the group has given it partitions, or said that there are none for it.
    package var hasJoined = false
    /// Records read since start.
    package var records = 0
    /// Of what lanes never see: rejected and ignored.
    package var counters = ShardCounters()
    package var rejections = RejectionCounts()
    /// Records that its partitions hold beyond what is read.
    package var lagRecords: Int64 = 0
    /// Records read whose outcome is not committed yet.
    package var hasUncommitted = false

    package init() {}

    /// Whether all that there is lies in the topic that lanes read.
    package var isIdle: Bool { hasJoined && lagRecords == 0 && !hasUncommitted }
}
