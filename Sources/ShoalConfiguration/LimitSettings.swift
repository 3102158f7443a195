package import ShoalCore

/// How much Shoal takes in and keeps.
package struct LimitSettings: Equatable, Sendable {
    /// What one record may hold.
    package var events = EventLimits()
    /// `max_future` was written, so that a replay checks it as well.
    package var checksFutureInReplay = false
    /// Profiles that one instance keeps; beyond it the longest idle is evicted, counted and warned of.
    package var customersMax = 10_000_000
    /// A profile idle for longer, in stream time, is evicted.
    package var idleExpiryMilliseconds: Int64 = 400 * 86_400_000

    package init() {}

    /// The limits of a replay, in which times ahead follow stream time unless `max_future` was written.
    package var replayEvents: EventLimits {
        var limits = events
        if !checksFutureInReplay { limits.futureMillisecondsMax = nil }
        return limits
    }
}
