package import ShoalCore

/// A second model that runs beside the live one in a replay.
package struct ShadowOptions: Sendable {
    /// Compiled from the candidate's features.
    package var plan: FeaturePlan
    package var model: ModelSettings
    package var batch: BatchSettings
    /// It only assigns; `nil` learns a model of its own.
    package var candidate: SegmentModel?

    package init(
        plan: FeaturePlan, model: ModelSettings, batch: BatchSettings, candidate: SegmentModel?
    ) {
        self.plan = plan
        self.model = model
        self.batch = batch
        self.candidate = candidate
    }
}
