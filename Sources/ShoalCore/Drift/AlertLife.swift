/// Turns findings into alerts with a life: raised once, ongoing without repeats, resolved once.
///
/// A pure state machine; its clock counts vectors and stream time, and both must pass. Per monitor there is
/// at most one alert that is not resolved. What is found while it lives keeps it alive and is written again,
/// as `ongoing`, only if it has become more severe. When nothing has been found for the quiet time it is
/// resolved, and what comes within the cooldown after that takes the same alert up again instead of raising
/// another. Within one step, alerts are ordered by name.
package struct AlertLife: Equatable, Sendable, Codable {
    /// When something happens.
    package struct Moment: Equatable, Sendable, Codable {
        package var vectors: Int
        package var streamTimeMilliseconds: Int64
        package var modelVersion: Int
        package var modelGeneration: Int

        package init(
            vectors: Int, streamTimeMilliseconds: Int64, modelVersion: Int, modelGeneration: Int
        ) {
            self.vectors = vectors
            self.streamTimeMilliseconds = streamTimeMilliseconds
            self.modelVersion = modelVersion
            self.modelGeneration = modelGeneration
        }

        func isPast(_ other: Moment, vectors count: Int, milliseconds: Int64) -> Bool {
            vectors - other.vectors >= count
                && streamTimeMilliseconds - other.streamTimeMilliseconds >= milliseconds
        }
    }

    private struct Entry: Equatable, Sendable, Codable {
        var alert: DriftAlert
        var latestFinding: Moment
        /// When it was resolved; `nil` while it lives.
        var resolved: Moment?
    }

    private let quietVectors: Int
    private let quietMilliseconds: Int64
    private let cooldownVectors: Int
    private let cooldownMilliseconds: Int64
    private let criticalFeaturesMin: Int
    /// By monitor and key; at most one per monitor, and none once the cooldown is over.
    private var entries: [String: Entry] = [:]

    package init(settings: DriftSettings = DriftSettings()) {
        quietVectors = settings.quietVectors
        quietMilliseconds = settings.quietMilliseconds
        cooldownVectors = settings.cooldownVectors
        cooldownMilliseconds = settings.cooldownMilliseconds
        criticalFeaturesMin = settings.criticalFeaturesMin
    }

    /// Alerts that are not resolved, by name.
    package var active: [DriftAlert] {
        entries.values.filter { $0.resolved == nil }.map(\.alert).sorted { $0.id < $1.id }
    }

    /// Takes what was found at a moment and returns the records to write, each alert at most once.
    package mutating func absorb(_ findings: [DriftFinding], at moment: Moment) -> [DriftAlert] {
        var changed: Set<String> = []
        for (key, entry) in entries where entry.alert.state == .raised {
            entries[key]?.alert.state = .ongoing
        }
        for finding in findings {
            let key = Self.key(finding)
            if take(finding, key: key, at: moment) { changed.insert(key) }
        }
        if let key = raiseFit(at: moment) { changed.insert(key) }
        for (key, entry) in entries.sorted(by: { $0.key < $1.key }) {
            if let resolved = entry.resolved {
                let isOver = moment.isPast(
                    resolved, vectors: cooldownVectors, milliseconds: cooldownMilliseconds)
                if isOver { entries[key] = nil }
            } else if moment.isPast(
                entry.latestFinding, vectors: quietVectors, milliseconds: quietMilliseconds)
            {
                entries[key]?.resolved = moment
                entries[key]?.alert.state = .resolved
                changed.insert(key)
            }
        }
        return changed.sorted().compactMap { key in
            entries[key]?.alert.atMilliseconds = moment.streamTimeMilliseconds
            entries[key]?.alert.modelVersion = moment.modelVersion
            entries[key]?.alert.modelGeneration = moment.modelGeneration
            return entries[key]?.alert
        }
    }

    private static func key(_ finding: DriftFinding) -> String {
        finding.key.isEmpty ? finding.monitor.rawValue : "\(finding.monitor.rawValue):\(finding.key)"
    }

    /// Raises or renews an alert and tells whether there is something to write.
    private mutating func take(_ finding: DriftFinding, key: String, at moment: Moment) -> Bool {
        guard var entry = entries[key] else {
            guard !finding.isContinuation else { return false }
            entries[key] = Entry(
                alert: Self.alert(finding, key: key, at: moment), latestFinding: moment, resolved: nil)
            return true
        }
        if let resolved = entry.resolved {
            guard !finding.isContinuation else { return false }
            guard !moment.isPast(resolved, vectors: cooldownVectors, milliseconds: cooldownMilliseconds)
            else {
                entries[key] = Entry(
                    alert: Self.alert(finding, key: key, at: moment), latestFinding: moment, resolved: nil)
                return true
            }
        }
        let isWorse = !finding.isContinuation && finding.severity > entry.alert.severity
        let isBack = entry.resolved != nil
        if isWorse || isBack {
            let (id, since) = (entry.alert.id, entry.alert.sinceMilliseconds)
            let severity = max(entry.alert.severity, finding.severity)
            entry.alert = Self.alert(finding, key: key, at: moment)
            entry.alert.id = id
            entry.alert.sinceMilliseconds = since
            entry.alert.severity = severity
            entry.alert.state = .ongoing
        }
        entry.latestFinding = moment
        entry.resolved = nil
        entries[key] = entry
        return isWorse || isBack
    }

    /// Makes the alert of the fit critical when enough features have drifted with it.
    private mutating func raiseFit(at moment: Moment) -> String? {
        let key = DriftFinding.Monitor.fit.rawValue
        guard var entry = entries[key], entry.resolved == nil, entry.alert.severity < .critical else {
            return nil
        }
        let features = entries.values.count { $0.resolved == nil && $0.alert.monitor == .feature }
        guard features >= criticalFeaturesMin else { return nil }
        entry.alert.severity = .critical
        // One that is critical in the step that raises it has been raised so, not made worse.
        entries[key] = entry
        return key
    }

    private static func alert(_ finding: DriftFinding, key: String, at moment: Moment) -> DriftAlert {
        DriftAlert(
            id: "\(key)#\(moment.streamTimeMilliseconds)", state: .raised, severity: finding.severity,
            monitor: finding.monitor, subject: finding.subject, direction: finding.direction,
            size: finding.size, statistic: finding.statistic, threshold: finding.threshold,
            reference: finding.reference, current: finding.current,
            sinceMilliseconds: moment.streamTimeMilliseconds,
            atMilliseconds: moment.streamTimeMilliseconds, modelVersion: moment.modelVersion,
            modelGeneration: moment.modelGeneration, distribution: finding.distribution)
    }
}
