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
    /// Profiles that went because their customers were idle for too long, or to make room for others.
    package var expired = 0
    package var displaced = 0
    /// Profiles that went because their customers asked for it.
    package var erased = 0

    package init() {}

    /// Records that were read: each is accepted, rejected, a duplicate or ignored.
    package var records: Int { accepted + rejected + duplicates + ignored }

    /// All of them, in the order in which snapshots have them.
    static let fields: [any WritableKeyPath<ShardCounters, Int> & Sendable] = [
        \.accepted, \.rejected, \.duplicates, \.ignored, \.changes, \.suppressedFlaps, \.expired, \.displaced,
        \.erased,
    ]

    package static func + (left: ShardCounters, right: ShardCounters) -> ShardCounters {
        var sum = left
        for field in fields { sum[keyPath: field] += right[keyPath: field] }
        return sum
    }

    package static func - (left: ShardCounters, right: ShardCounters) -> ShardCounters {
        var difference = left
        for field in fields { difference[keyPath: field] -= right[keyPath: field] }
        return difference
    }
}
