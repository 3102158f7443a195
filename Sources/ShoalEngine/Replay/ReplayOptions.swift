package import ShoalCore

/// What a replay reads, with which settings, and what it writes.
package struct ReplayOptions: Sendable {
    package var features: [FeatureDefinition]
    package var source: SourceMapping
    package var model: ModelSettings
    package var batch: BatchSettings
    package var limits: EventLimits
    /// How many customers are kept, and for how long.
    package var profiles = ProfileLimits()
    /// Who is left out, to measure against; `nil` for nobody.
    package var holdout: Holdout?
    /// Files in the order in which they are read; `-` is standard input.
    package var files: [String]
    /// Goes on from this model instead of learning a first one.
    package var resumedModel: SegmentModel?
    /// A second model beside the live one.
    package var shadow: ShadowOptions?
    /// Where to write; `nil` writes nothing.
    package var changesPath: String?
    package var alertsPath: String?
    package var rejectsPath: String?
    package var profilesPath: String?

    package init(
        features: [FeatureDefinition], source: SourceMapping, model: ModelSettings, batch: BatchSettings,
        limits: EventLimits, files: [String]
    ) {
        self.features = features
        self.source = source
        self.model = model
        self.batch = batch
        self.limits = limits
        self.files = files
    }
}
