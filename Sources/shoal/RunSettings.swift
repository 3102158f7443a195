internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalKafka

/// The engine's settings from what an operator wrote.
enum RunSettings {
    static func settings(of configuration: ShoalConfiguration) throws -> EngineSettings {
        let inputs = configuration.laneSources
        guard !inputs.isEmpty else {
            throw CommandError(
                "sources: none of them names a topic, so there is nothing to read; add topics: [NAME]")
        }
        var generator = SystemRandomNumberGenerator()
        let hash = KeyHash(first: generator.next(), second: generator.next())
        var settings = EngineSettings(
            kafka: properties(of: configuration), group: configuration.kafka.group, sources: inputs,
            features: configuration.features, hash: hash)
        let topics = configuration.topics
        settings.topics = EngineTopics(
            events: topics.events, changes: topics.changes, segments: topics.segments,
            deadLetters: topics.deadLetters, summaries: topics.summaries, model: topics.model,
            alerts: topics.alerts)
        settings.routed = configuration.routedSources
        settings.model = configuration.model
        settings.batch = configuration.batch
        settings.limits = configuration.limits.events
        settings.snapshots = configuration.state.directory.map {
            SnapshotSettings(
                directory: $0, intervalMilliseconds: configuration.state.intervalMilliseconds,
                keptCount: configuration.state.keptCount, topic: configuration.state.topic)
        }
        settings.customersMax = configuration.limits.customersMax
        settings.idleMillisecondsMax = configuration.limits.idleExpiryMilliseconds
        settings.holdout = configuration.holdout
        settings.lanes = configuration.lanes ?? ProcessorLimit.count
        settings.delivery = configuration.delivery == .exactlyOnce ? .exactlyOnce : .atLeastOnce
        settings.instance = configuration.instance ?? ProcessInfo.processInfo.hostName
        settings.keepsPlace = configuration.membership == .static
        settings.commitIntervalMilliseconds = configuration.commitIntervalMilliseconds
        MemoryLimit.bound(&settings)
        return settings
    }

    /// What every client is told.
    static func properties(of configuration: ShoalConfiguration) -> KafkaProperties {
        var properties = KafkaProperties()
        for (name, value) in configuration.kafka.clientProperties.sorted(by: { $0.key < $1.key }) {
            properties[name] = value
        }
        if configuration.delivery == .exactlyOnce {
            let times = TransactionTimes(properties: configuration.kafka.properties)
            properties[TransactionTimes.transactionName] = "\(times.transaction)"
            properties[TransactionTimes.requestName] = "\(times.request)"
        }
        return properties
    }
}
