/// One drift from its first sign to its end, as operators read it.
package struct DriftAlert: Equatable, Sendable, Codable {
    package enum State: String, Sendable, Codable { case raised, ongoing, resolved }

    /// `<monitor>[:<key>]#<stream time at which it was raised>`; the same in all states.
    package var id: String
    package var state: State
    package var severity: DriftFinding.Severity
    package var monitor: DriftFinding.Monitor
    package var subject: String
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
}

extension DriftAlert {
    /// What to look at, in one sentence.
    package var advice: String {
        switch monitor {
        case .fit:
            "Customers lie \(direction == .up ? "farther from" : "nearer to") their segments than before: "
                + "compare the drifted features, and reseed if it lasts."
        case .feature:
            "\(subject) is no longer distributed as before: check the source that feeds it, then whether "
                + "customers have changed."
        case .segments:
            "The share of \(subject) has moved: see which segments gain and lose, and campaigns or seasons "
                + "that may be behind it."
        case .eventTypes:
            "The share of \(subject) events has moved: check for a tracking change or a source that is "
                + "missing or sent twice."
        case .rejectRate:
            "\(direction == .up ? "More" : "Fewer") records are rejected than before: read the reasons in "
                + "the dead letters."
        case .volume:
            "\(direction == .up ? "More" : "Fewer") events come in than at this hour before: check the "
                + "sources."
        case .lag:
            "Events are read \(direction == .up ? "later" : "sooner") after they happen than before: check "
                + "the sources and the lag of the lanes."
        }
    }
}
