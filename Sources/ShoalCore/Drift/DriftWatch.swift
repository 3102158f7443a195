/// Watches what a trainer learns from, and says when the customers are no longer those it has learned.
///
/// Pure, as the trainer beside it: the same summaries give the same alerts.
package struct DriftWatch: Sendable {
    private var monitors: DriftMonitors
    private var life: AlertLife
    private var census: SegmentCensus
    /// Alerts raised so far; one that goes on or is resolved is not another, and news of segments are none.
    package private(set) var raisedCount = 0

    /// - Parameters:
    ///   - features: What is watched; not empty.
    ///   - model: The model that is gone on from, whose segments are no news.
    ///   - settings: How sensitive to be.
    package init(
        features: [FeatureDefinition], resuming model: SegmentModel? = nil,
        settings: DriftSettings = DriftSettings()
    ) {
        monitors = DriftMonitors(
            features: features.map { .init(name: $0.name, scale: $0.inflowScale ?? .linear) },
            settings: settings)
        life = AlertLife(settings: settings)
        census = SegmentCensus(model)
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
        return alerts + (model.map { census.news(in: $0, at: moment) } ?? [])
    }
}
