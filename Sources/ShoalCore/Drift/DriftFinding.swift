/// Something that is not what it was, as one monitor saw it at one moment.
package struct DriftFinding: Equatable, Sendable {
    /// What is watched.
    package enum Monitor: String, CaseIterable, Sendable, Codable {
        case fit, feature, segments, transitions, volume, lag
        case eventTypes = "event_types"
        case rejectRate = "reject_rate"
    }

    /// How it showed.
    package enum Statistic: String, CaseIterable, Sendable, Codable {
        case adaptiveWindowMean = "adwin_mean"
        case pageHinkleyMean = "page_hinkley_mean"
        case adaptiveWindowSpread = "adwin_spread"
        case pageHinkleySpread = "page_hinkley_spread"
        case stability = "psi"
        /// What became of a segment; these are news, not measurements.
        case born, retired
        case mergedInto = "merged_into"
        case splitFrom = "split_from"
    }

    package enum Direction: String, Sendable, Codable { case up, down }

    package enum Severity: Int, Comparable, CaseIterable, Sendable, Codable {
        case info, warning, critical

        package static func < (left: Severity, right: Severity) -> Bool { left.rawValue < right.rawValue }
    }

    package var monitor: Monitor
    /// What tells one monitor of a kind from another: a feature's name, otherwise empty.
    package var key: String
    /// The feature, segment or event type that moved; the monitor's own name where there is only one thing.
    package var subject: String
    package var direction: Direction
    /// How far it moved, never negative: for a feature's mean the factor where it is compared by its
    /// logarithm, otherwise the difference in its own units; the factor for spread, fit, transitions, volume
    /// and lag; the difference for the rate of rejects; the index itself for population stability.
    package var size: Double
    package var statistic: Statistic
    /// What `size` had to exceed, in the same unit.
    package var threshold: Double
    /// The level or share before.
    package var reference: Double
    /// The level or share now.
    package var current: Double
    package var severity: Severity
    /// Whether this only says that a known drift goes on; it never starts an alert.
    package var isContinuation = false
    /// The evidence, where values are counted; `nil` elsewhere.
    package var distribution: DriftDistribution?

    package init(
        monitor: Monitor, key: String, subject: String, direction: Direction, size: Double,
        statistic: Statistic, threshold: Double, reference: Double, current: Double, severity: Severity,
        isContinuation: Bool = false
    ) {
        self.monitor = monitor
        self.key = key
        self.subject = subject
        self.direction = direction
        self.size = size
        self.statistic = statistic
        self.threshold = threshold
        self.reference = reference
        self.current = current
        self.severity = severity
        self.isContinuation = isContinuation
    }
}

extension DriftFinding {
    /// That a monitor's reference has not come to rest, so that an alert it has raised is not over.
    static func continuation(of monitor: Monitor, key: String, level: Double) -> DriftFinding {
        DriftFinding(
            monitor: monitor, key: key, subject: key.isEmpty ? monitor.rawValue : key, direction: .up,
            size: 0,
            statistic: .adaptiveWindowMean, threshold: 0, reference: level, current: level, severity: .info,
            isContinuation: true)
    }

    /// A mix that has changed.
    init(
        _ change: MixMonitor.Change, monitor: Monitor, key: String = "", subject: String,
        settings: DriftSettings
    ) {
        let severity: Severity =
            change.stability >= settings.stabilityCritical
            ? .critical : change.stability >= settings.stabilityWarning ? .warning : .info
        self.init(
            monitor: monitor, key: key, subject: subject,
            direction: change.current >= change.reference ? .up : .down, size: change.stability,
            statistic: .stability, threshold: change.threshold, reference: change.reference,
            current: change.current, severity: severity)
    }
}
