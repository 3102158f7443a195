/// Where and how often customers' profiles are saved, so that a restart need not replay all of the input.
package struct StateSettings: Equatable, Sendable {
    /// Relative paths start in the working directory; `nil` saves nothing.
    package var directory: String? = "shoal-state"
    /// Between two snapshots of a partition.
    package var intervalMilliseconds: Int64 = 60_000
    /// Snapshots of a partition that are kept, so that there is one to fall back to.
    package var keptCount = 2
    /// The topic that snapshots go to as well, for whoever shares no disk; `nil` for none.
    package var topic: String?

    package init() {}
}
