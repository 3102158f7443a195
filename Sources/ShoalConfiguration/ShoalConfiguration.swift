package import ShoalCore

/// Everything that can be set, read once and validated as a whole before anything starts.
///
/// Without a file it is the default plan against a broker on this machine.
package struct ShoalConfiguration: Equatable, Sendable {
    /// What a crash may do to what is emitted.
    package enum Delivery: String, CaseIterable, Sendable {
        case atLeastOnce = "at_least_once"
    }

    package var kafka = KafkaSettings()
    package var delivery: Delivery = .atLeastOnce
    /// Threads that own partitions; `nil` is one per processor core.
    package var lanes: Int?
    /// How often a lane commits what it has finished.
    package var commitIntervalMilliseconds: Int64 = 1_000
    package var topics = TopicSettings()
    /// Never empty; names are distinct, and no topic is read by two.
    package var sources: [SourceMapping]
    /// Never empty; names are distinct.
    package var features: [FeatureDefinition] = DefaultPlan.features
    package var model = ModelSettings()
    package var batch = BatchSettings()
    package var limits = LimitSettings()
    /// Why features may use sensitive attributes, for the model card; `nil` where they do not.
    package var sensitiveReason: String?
    package var log = LogSettings()

    /// The defaults.
    package init() {
        sources = [.canonical(topics: [topics.events])]
        model.minEvents = DefaultPlan.eventsMin
    }
}
