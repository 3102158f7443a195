/// A change as the feed keeps it.
struct FeedChange: Sendable {
    let customer: [UInt8]
    /// The numbers of the segments left and entered; `nil` for none.
    let origin: Int?
    let segment: Int?
    /// The record's JSON.
    let json: [UInt8]
}
