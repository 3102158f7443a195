internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalSimulator

/// What the demo's parts are told, so that half a minute shows a month of a shop.
struct DemoPlan {
    /// Of the input and of what follows it.
    static let partitionCount: Int32 = 4
    /// Events that the engine may be behind: a fraction of what the broker keeps, 5 MiB per partition.
    static let backlogMax = 40_000
    /// Fewer profiles than this do not show how many segments there are.
    private static let warmupMin = 100.0
    private static let laneCount = 2
    /// A day of event time passes in a second.
    private static let speedUp = 86_400.0
    /// Days over which an endless demo tells its story.
    private static let endlessDays = 90.0
    /// A story as long as this has a turn at two thirds: prices rise, and half the window shoppers change.
    private static let driftDaysMin = 60.0
    /// The mock broker answers an idle fetch only after this long, so that it bounds the latency.
    private static let fetchWaitMilliseconds = 10
    private static let heartbeatMilliseconds = 200
    private static let sessionMilliseconds = 3_000

    let simulator: ShopSimulatorOptions
    let duration: Duration?

    init(durationSeconds: Double?, rate: Double, seed: UInt64, customers: Int) {
        var options = ShopSimulatorOptions()
        options.customers = customers
        options.seed = seed
        options.eventsPerSecond = rate
        options.speedUp = Self.speedUp
        let days = durationSeconds.map { $0 * Self.speedUp / 86_400 } ?? Self.endlessDays
        options.horizonMilliseconds = max(1, Int64(days * 86_400_000))
        if days >= Self.driftDaysMin {
            options.drift = ShopDrift(at: .afterMilliseconds((options.horizonMilliseconds ?? 0) / 3 * 2))
        }
        simulator = options
        duration = durationSeconds.map { .seconds($0) }
    }

    /// The default plan against the embedded broker, whose address is `bootstrap`.
    func configuration(bootstrap: String) -> ShoalConfiguration {
        var configuration = ShoalConfiguration()
        configuration.kafka.bootstrap = bootstrap
        configuration.kafka.properties = [
            "fetch.wait.max.ms": String(Self.fetchWaitMilliseconds),
            // The lanes join one after the other, and the first hears of the second by its heartbeat.
            "heartbeat.interval.ms": String(Self.heartbeatMilliseconds),
            "session.timeout.ms": String(Self.sessionMilliseconds),
        ]
        configuration.lanes = Self.laneCount
        // What the broker in memory has is gone with the demo, so nothing is worth saving.
        configuration.state.directory = nil
        configuration.model.warmup = warmup
        // Event time runs ahead of the clock, as it is told in fast motion.
        configuration.limits.events.futureMillisecondsMax = nil
        return configuration
    }

    /// Profiles gathered before there are segments: within a few seconds, also by a small or slow shop.
    private var warmup: Int {
        let within = min(Double(simulator.customers), simulator.eventsPerSecond) / 2
        return Int(min(max(within, Self.warmupMin), 2_000))
    }

    /// Every topic that is read or written: the broker cannot be asked to make them.
    func topics(_ configuration: ShoalConfiguration) -> [KafkaTopicSpecification] {
        let names = configuration.topics
        let wide = [names.events, names.changes, names.segments, names.deadLetters]
        return wide.map { KafkaTopicSpecification(name: $0, partitionCount: Self.partitionCount) }
            + [names.summaries, names.model, names.alerts].map {
                KafkaTopicSpecification(name: $0, partitionCount: 1)
            }
    }

    /// Of a consumer that reads along.
    static func readerProperties(bootstrap: String) -> KafkaProperties {
        var properties = KafkaProperties(bootstrap: bootstrap)
        properties["fetch.wait.max.ms"] = String(fetchWaitMilliseconds)
        return properties
    }

    /// What another terminal runs to see every change.
    static func watchCommand(bootstrap: String, topic: String = TopicSettings().changes) -> String {
        "kcat -C -q -b \(bootstrap) -t \(topic) -o end"
    }
}
