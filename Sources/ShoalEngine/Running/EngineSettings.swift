package import ShoalCore
package import ShoalKafka

/// Everything an engine is told before it starts; checked by whoever made it.
package struct EngineSettings: Sendable {
    /// librdkafka's properties for every client, with `bootstrap.servers`.
    package var kafka: KafkaProperties
    /// The consumer group of the lanes; the trainers' group is `<group>.trainer`.
    package var group: String
    package var topics: EngineTopics
    /// What lanes read; every source names at least one topic, and no topic is named twice.
    package var sources: [SourceMapping]
    /// Sources that are not keyed by customer, likewise; with any, `topics.events` is among what lanes read.
    package var routed: [SourceMapping] = []
    package var features: [FeatureDefinition]
    package var model: ModelSettings
    package var batch: BatchSettings
    package var limits: EventLimits
    /// Where and how often partitions are saved; `nil` saves nothing.
    package var snapshots: SnapshotSettings?
    /// Customers of all partitions of the input together, and stream time after which one expires.
    package var customersMax = Int.max
    package var idleMillisecondsMax = Int64.max
    /// Who is left out, to measure against; `nil` for nobody.
    package var holdout: Holdout?
    /// Threads that own partitions, at least 1; more than there are partitions are not started.
    package var lanes: Int
    /// What a lane may hold of records read ahead, and of records that no broker has yet, in units of
    /// 1,024 bytes; with 2 s of input on a fast machine as the most that is of use.
    package var readAheadKilobytes = Self.readAheadKilobytesMax
    package var unsentKilobytes = Self.unsentKilobytesMax
    package var delivery: Delivery
    /// Distinguishes processes that share a group, and stays the same when this one restarts: the new one
    /// takes over the transactions of the old one.
    package var instance: String
    /// Whether this process keeps its place in the group while it is away (static membership): it has its
    /// partitions back at once, and others take them over only after the session's timeout.
    package var keepsPlace: Bool
    package var commitIntervalMilliseconds: Int64
    /// Secret key of the profile tables' hash.
    package var hash: KeyHash

    package static let readAheadKilobytesMax = 122_880
    package static let unsentKilobytesMax = 131_072

    package init(
        kafka: KafkaProperties, group: String, sources: [SourceMapping], features: [FeatureDefinition],
        hash: KeyHash
    ) {
        self.kafka = kafka
        self.group = group
        topics = EngineTopics()
        self.sources = sources
        self.features = features
        model = ModelSettings()
        batch = BatchSettings()
        limits = EventLimits()
        lanes = 1
        delivery = .exactlyOnce
        instance = "0"
        keepsPlace = false
        commitIntervalMilliseconds = 100
        self.hash = hash
    }

    /// What clients that read input are told.
    var readerProperties: KafkaProperties {
        var properties = kafka
        properties.setDefaults(["queued.max.messages.kbytes": "\(readAheadKilobytes)"])
        return properties
    }

    /// The topics read, in the order of the sources; a topic's index is its place here.
    package var inputTopics: [String] { sources.flatMap(\.topics) }

    /// The topics that a router reads, likewise.
    var routedTopics: [String] { routed.flatMap(\.topics) }

    /// The consumer group of the routers.
    var routerGroup: String { group + ".router" }

    /// The transactional identity of one slot of this process, unique in the cluster.
    func transactionalID(slot: String) -> String { "\(group)-\(instance)-\(slot)" }

    /// The consumer group of the trainers.
    var trainerGroup: String { group + ".trainer" }
}
