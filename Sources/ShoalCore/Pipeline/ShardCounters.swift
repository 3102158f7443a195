/// What a shard has done since it began.
package struct ShardCounters: Equatable, Sendable {
    /// Events that changed a profile, control events included.
    package var accepted = 0
    package var rejected = 0
    package var duplicates = 0
    /// Skipped by a filter of the source, or because the customer has withdrawn consent.
    package var ignored = 0
    package var changes = 0
    /// Evaluations that found another segment nearer, but not by enough or not often enough.
    package var suppressedFlaps = 0

    package init() {}

    package static func + (left: ShardCounters, right: ShardCounters) -> ShardCounters {
        var sum = left
        sum.accepted += right.accepted
        sum.rejected += right.rejected
        sum.duplicates += right.duplicates
        sum.ignored += right.ignored
        sum.changes += right.changes
        sum.suppressedFlaps += right.suppressedFlaps
        return sum
    }

    package static func - (left: ShardCounters, right: ShardCounters) -> ShardCounters {
        var difference = left
        difference.accepted -= right.accepted
        difference.rejected -= right.rejected
        difference.duplicates -= right.duplicates
        difference.ignored -= right.ignored
        difference.changes -= right.changes
        difference.suppressedFlaps -= right.suppressedFlaps
        return difference
    }
}
