internal import Foundation
internal import Logging
internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalEngine
internal import ShoalKafka
internal import ShoalSimulator

/// One demo against a broker that is there already, shown as it goes.
struct DemoRun {
    private static let tickSeconds = 0.05
    /// How long it waits at the end for what is under way.
    private static let drainSeconds = 15.0
    /// With this share of the warm-up gathered the first segments are near enough to wait for.
    private static let gatheredShareMin = 0.8
    private static let stopMilliseconds: Int64 = 10_000
    /// A change stays on the screen long enough to be read.
    private static let changeSeconds = 1.0
    private static let shownChangesMax = 12

    private let plan: DemoPlan
    private let configuration: ShoalConfiguration
    private let host: ServiceHost
    private var engine: Engine { host.engine }
    private var dashboard: String?
    private let shop = DemoShop()
    private let watcher: DemoWatcher
    private let simulator: ShopSimulator
    private let started = ContinuousClock.now
    private var display: DemoDisplay
    /// Long enough for rates to be steady, short enough to follow what happens; half a minute of sizes.
    private var flows = FlowMeter(windowSeconds: 10, trendCount: 60)
    private var latestChanges: [DemoChange] = []
    private var changeShownAt = 0.0
    private var shopOpenedAt: Double?
    /// When the last event was known to be processed.
    private var processedAt: Double?

    /// Makes the parts and starts none of them.
    init(plan: DemoPlan, configuration: ShoalConfiguration, display: DemoDisplay) throws {
        self.plan = plan
        self.configuration = configuration
        self.display = display
        simulator = ShopSimulator(options: plan.simulator)
        var log = configuration.log
        // What is worth a warning in a daemon's log would only disturb the table.
        log.level = .error
        host = try ServiceHost(
            configuration, settings: try RunSettings.settings(of: configuration),
            logger: RunLog.logger(log, format: nil), takesAnyPort: true)
        watcher = DemoWatcher(customerCount: plan.simulator.customers)
    }

    /// Runs it until its time is over, somebody interrupts it or it fails.
    ///
    /// - Throws: What made it fail, as one line.
    mutating func run() throws -> DemoSummary {
        dashboard = try host.start()
        watcher.start(
            topic: configuration.topics.changes, partitionCount: DemoPlan.partitionCount,
            properties: DemoPlan.readerProperties(bootstrap: configuration.kafka.bootstrap),
            simulator: simulator)
        watch()
        // From here on a second interruption may end the process at any moment.
        display.restore()
        if shopOpenedAt != nil { drain() }
        let status = engine.status()
        let content = content(status)
        display.show(content, atSeconds: seconds)
        display.end()
        let failure = failure
        shop.close()
        if shopOpenedAt != nil { shop.waitUntilClosed() }
        let hasStopped = engine.stop(withinMilliseconds: Self.stopMilliseconds)
        host.stopService()
        watcher.stop()
        if let failure = failure ?? self.failure { throw CommandError("shoal demo: \(failure)") }
        guard hasStopped else { throw CommandError("shoal demo: the engine did not stop within 10 s") }
        return summary(content)
    }

    private var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

    private var failure: String? {
        engine.failure?.description ?? shop.progress.failure ?? watcher.failure
    }

    /// Opens the shop as soon as the lanes are ready, and shows it until it closes.
    private mutating func watch() {
        while failure == nil, !Interruption.isRequested, !shop.progress.isOver {
            let status = engine.status()
            if shopOpenedAt == nil, status.partitionCount == Int(DemoPlan.partitionCount),
                status.lanes.allSatisfy({ $0.phase == .live })
            {
                openShop()
            }
            showIfDue(status)
            Thread.sleep(forTimeInterval: Self.tickSeconds)
        }
    }

    private mutating func openShop() {
        shopOpenedAt = seconds
        let engine = engine
        shop.open(
            simulator, topic: configuration.topics.events, bootstrap: configuration.kafka.bootstrap,
            duration: plan.duration, processedCount: { engine.status().records })
    }

    /// Waits until everything sent is processed, and every change of it read back.
    private mutating func drain() {
        let deadline = seconds + Self.drainSeconds
        while failure == nil, seconds < deadline {
            let status = engine.status()
            let progress = shop.progress
            if progress.isOver, status.records >= progress.events {
                if processedAt == nil { processedAt = seconds }
                if !awaitsModel(status), status.outstandingRecords == 0,
                    watcher.changeCount >= status.counters.changes
                {
                    return
                }
            }
            showIfDue(status)
            Thread.sleep(forTimeInterval: Self.tickSeconds)
        }
    }

    /// Whether the first model is about to come, or has come and is not in use everywhere.
    private func awaitsModel(_ status: EngineStatus) -> Bool {
        guard !Interruption.isRequested else { return false }
        if status.modelVersion > 0 {
            return status.lanes.contains { $0.modelVersion == 0 && !$0.partitions.isEmpty }
        }
        return Double(status.trainer.gathered) >= Self.gatheredShareMin * Double(configuration.model.warmup)
    }

    private mutating func showIfDue(_ status: EngineStatus) {
        let now = seconds
        guard display.isDue(atSeconds: now) else { return }
        var counts: [String: FlowMeter.Count] = [:]
        for segment in status.segments {
            counts[segment.id] = FlowMeter.Count(
                size: segment.members, entered: segment.entered, left: segment.left)
        }
        flows.add(counts, seconds: now, streamDays: shop.progress.streamDays)
        if now - changeShownAt >= Self.changeSeconds, let change = watcher.takeNewest() {
            changeShownAt = now
            latestChanges.insert(change, at: 0)
            latestChanges.removeLast(max(0, latestChanges.count - Self.shownChangesMax))
        }
        display.show(content(status), atSeconds: now)
    }

    private func content(_ status: EngineStatus) -> LiveTableContent {
        var content = LiveTableContent()
        let progress = shop.progress
        content.eventsPerSecond = status.recordsPerSecond
        content.events = status.records
        content.lagRecords = max(0, progress.events - status.records)
        content.latency = watcher.recentLatency
        content.customers = status.customers
        content.changes = status.counters.changes
        content.modelVersion = status.modelVersion
        content.modelGeneration = status.modelGeneration
        content.uptimeSeconds = shopOpenedAt.map { seconds - $0 } ?? 0
        content.remainingSeconds = plan.duration.map { max(0, $0 / .seconds(1) - content.uptimeSeconds) }
        content.streamDays = progress.streamDays
        content.alerts = status.alerts.map(\.headline)
        content.latestChanges = latestChanges
        content.dashboard = dashboard
        content.watchCommand = DemoPlan.watchCommand(
            bootstrap: configuration.kafka.bootstrap, topic: configuration.topics.changes)
        if shopOpenedAt == nil {
            content.phase = "starting: the daemon's lanes join their consumer group"
        } else {
            let (gathered, warmup) = (status.trainer.gathered, configuration.model.warmup)
            content.phase =
                gathered < warmup
                ? "learning: \(TextFormat.count(gathered)) of \(TextFormat.count(warmup)) profiles"
                : "learning: looking for segments in \(TextFormat.count(gathered)) profiles"
            content.phaseShare = gathered < warmup ? Double(gathered) / Double(warmup) : nil
        }
        let members = max(1, status.segments.reduce(0) { $0 + $1.members })
        content.segments = status.segments.map { segment in
            LiveTableContent.Segment(
                id: segment.id, name: segment.name, size: segment.members,
                share: Double(segment.members) / Double(members), flow: flows.rate(of: segment.id),
                trend: flows.trend(of: segment.id))
        }
        return content
    }

    private func summary(_ content: LiveTableContent) -> DemoSummary {
        var summary = DemoSummary()
        summary.events = content.events
        summary.changes = content.changes
        summary.customers = content.customers
        summary.seconds = shopOpenedAt.map { (processedAt ?? seconds) - $0 } ?? 0
        summary.streamDays = content.streamDays
        summary.latency = watcher.latency
        summary.segments = content.segments
        let judged = zip(shop.progress.truth, watcher.segments).filter { $0 != nil && $1 > 0 }
        summary.judgedCustomers = judged.count
        if judged.count > 1 {
            summary.adjustedRandIndex = AdjustedRandIndex.between(
                judged.map { $0.0?.rawValue }, judged.map { $0.1 })
        }
        return summary
    }
}
