package import ShoalCore

/// Everything that can be set, read once and validated as a whole before anything starts.
///
/// Without a file it is the default plan against a broker on this machine.
package struct ShoalConfiguration: Equatable, Sendable {
    /// What a crash may do to what is emitted.
    package enum Delivery: String, CaseIterable, Sendable {
        case exactlyOnce = "exactly_once"
        case atLeastOnce = "at_least_once"

        /// How often a lane commits unless it is told otherwise.
        ///
        /// With transactions a change can be read once its transaction is committed, so the interval is what
        /// they add to its latency; without, it only bounds what a crash repeats.
        package var commitIntervalMilliseconds: Int64 { self == .exactlyOnce ? 100 : 1_000 }
    }

    /// How long a process that is away keeps its partitions.
    package enum Membership: String, CaseIterable, Sendable {
        /// Until it leaves, or its session ends; when it comes back it is somebody new.
        case dynamic
        /// Until its session ends, whether it left or died; when it comes back in time it has them at once.
        case `static`
    }

    package var kafka = KafkaSettings()
    package var delivery: Delivery = .exactlyOnce
    /// Distinguishes the processes of a group; `nil` is the host's name.
    package var instance: String?
    package var membership: Membership = .dynamic
    /// Threads that own partitions; `nil` is one per processor core.
    package var lanes: Int?
    /// How often a lane commits what it has finished.
    package var commitIntervalMilliseconds = Delivery.exactlyOnce.commitIntervalMilliseconds
    package var topics = TopicSettings()
    /// Never empty; names are distinct, and no topic is read by two.
    package var sources: [SourceMapping]
    /// Never empty; names are distinct.
    package var features: [FeatureDefinition] = DefaultPlan.features
    package var model = ModelSettings()
    package var batch = BatchSettings()
    /// Who is left out, to measure against; `nil` for nobody.
    package var holdout: Holdout?
    package var limits = LimitSettings()
    package var state = StateSettings()
    package var http = HTTPSettings()
    /// Why features may use sensitive attributes, for the model card; `nil` where they do not.
    package var sensitiveReason: String?
    package var log = LogSettings()

    /// The defaults.
    package init() {
        sources = [.canonical(topics: [topics.events])]
        model.minEvents = DefaultPlan.eventsMin
    }
}
