/// One drift from its first sign to its end, as operators read it.
package struct DriftAlert: Equatable, Sendable, Codable {
    package enum State: String, Sendable, Codable { case raised, ongoing, resolved }

    /// `<monitor>[:<key>]#<stream time at which it was raised>`; the same in all states.
    package var id: String
    package var state: State
    package var severity: DriftFinding.Severity
    package var monitor: DriftFinding.Monitor
    package var subject: String
    /// The segment that another went into or came out of; `nil` for all else.
    package var other: String?
    package var direction: DriftFinding.Direction
    package var size: Double
    package var statistic: DriftFinding.Statistic
    package var threshold: Double
    package var reference: Double
    package var current: Double
    /// Stream time at which it was raised, epoch milliseconds.
    package var sinceMilliseconds: Int64
    /// Stream time of this record, epoch milliseconds.
    package var atMilliseconds: Int64
    package var modelVersion: Int
    package var modelGeneration: Int
    /// How the values were spread before and when this was found; `nil` where they are not counted.
    package var distribution: DriftDistribution?
}
