/// Which changes a subscriber wants; both must hold where both are given.
struct ChangeFilter: Equatable, Sendable {
    /// The number of a segment that customers enter or leave; `nil` for all.
    var segment: Int?
    /// The customer's id; `nil` for all.
    var customer: [UInt8]?

    var admitsAll: Bool { segment == nil && customer == nil }

    func admits(_ change: FeedChange) -> Bool {
        if let segment, change.origin != segment, change.segment != segment { return false }
        if let customer, change.customer != customer { return false }
        return true
    }
}
