/// How many customers a shard keeps, and for how long.
package struct ProfileLimits: Equatable, Sendable {
    /// Customers of one partition; those who have withdrawn consent are not counted.
    package var customersMax = Int.max
    /// Stream time since the newest event after which a profile expires.
    package var idleMillisecondsMax = Int64.max

    package init() {}

    /// Shares an instance's limit among all partitions of the input.
    ///
    /// Evenly, and among all of them rather than those that an instance owns just now: so an instance keeps
    /// within its limit when it takes over the partitions of every other, and who is evicted does not depend
    /// on who owned what.
    package init(customersMax: Int, partitionCount: Int, idleMillisecondsMax: Int64) {
        self.customersMax = max(1, customersMax / max(1, partitionCount))
        self.idleMillisecondsMax = idleMillisecondsMax
    }
}
