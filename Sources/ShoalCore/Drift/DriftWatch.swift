/// Watches what a trainer learns from, and says when the customers are no longer those it has learned.
///
/// Pure, as the trainer beside it: the same summaries give the same alerts.
package struct DriftWatch: Sendable {
    private var monitors: DriftMonitors
    private var life: AlertLife
    /// Alerts raised so far; one that goes on or is resolved is not another.
    package private(set) var raisedCount = 0

    package init(featureNames: [String], settings: DriftSettings = DriftSettings()) {
        monitors = DriftMonitors(featureNames: featureNames, settings: settings)
        life = AlertLife(settings: settings)
    }

    /// Alerts that are not resolved, by name.
    package var active: [DriftAlert] { life.active }

    /// Looks at one summary, and at the model that it was or will be learned into.
    ///
    /// - Returns: the records to write; each alert at most once.
    package mutating func absorb(_ summary: BatchSummary, model: SegmentModel?) -> [DriftAlert] {
        let findings = monitors.absorb(DriftInput(summary, generation: model?.generation ?? 0))
        let moment = AlertLife.Moment(
            vectors: monitors.vectors, streamTimeMilliseconds: monitors.newestTime,
            modelVersion: model?.version ?? 0, modelGeneration: model?.generation ?? 0)
        let alerts = life.absorb(findings, at: moment)
        raisedCount += alerts.count { $0.state == .raised }
        return alerts
    }
}
