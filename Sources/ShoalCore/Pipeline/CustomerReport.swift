/// Everything that a shard knows of one customer, at stream time.
package struct CustomerReport: Sendable {
    package let profile: Shard.Profile
    /// Epoch milliseconds.
    package let firstSeenMilliseconds: Int64
    /// Events absorbed; no more is counted than a row has room for.
    package let eventCount: Int
    /// Event ids that are remembered, as fingerprints, to know a duplicate by.
    package let eventIDCount: Int
    /// The last few `anonymous_id`s that the customer was identified with, oldest first.
    package let aliases: [[UInt8]]
    /// Whether the customer has withdrawn consent.
    package let isFrozen: Bool
    /// The moment that the features are of, epoch milliseconds; `nil` before the partition's first event.
    package let streamTimeMilliseconds: Int64?
    /// The model that decisions of this moment are made by; `nil` before the first.
    package let model: SegmentModel?
}

extension Shard {
    /// Reports one customer, or `nil` if there is no such profile.
    package func report(of customer: [UInt8]) -> CustomerReport? {
        guard let index = index(of: customer) else { return nil }
        let row = profiles.row(at: index)
        return CustomerReport(
            profile: profile(at: index), firstSeenMilliseconds: row.firstSeenMilliseconds,
            eventCount: Int(row.eventCount), eventIDCount: row.rememberedEventIDs,
            aliases: profiles.aliases(at: index), isFrozen: row.isFrozen,
            streamTimeMilliseconds: streamTimeMilliseconds == .min ? nil : streamTimeMilliseconds,
            model: model)
    }
}
