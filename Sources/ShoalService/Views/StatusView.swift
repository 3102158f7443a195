internal import Histogram
internal import ShoalCore
internal import ShoalEngine

/// How the process is, for people and their tools.
struct StatusView: Encodable {
    struct Latency: Encodable {
        let count: Int
        let p50Milliseconds: Int
        let p99Milliseconds: Int

        /// `nil` where nothing was measured.
        init?(_ histogram: LatencyHistogram) {
            guard histogram.totalCount > 0 else { return nil }
            count = Int(histogram.totalCount)
            p50Milliseconds = Int(histogram.valueAtPercentile(50))
            p99Milliseconds = Int(histogram.valueAtPercentile(99))
        }
    }

    struct Lane: Encodable {
        let index: Int
        let phase: String
        let partitions: [Int32]
        let events: Int
        let customers: Int
        let lagRecords: Int64
        let modelVersion: Int
    }

    struct Model: Encodable {
        let version: Int
        let generation: Int
    }

    struct Trainer: Encodable {
        let active: Bool
        let learning: Bool
        let gathered: Int
        let warmup: Int
    }

    let phase: String
    let ready: Bool
    let reasons: [String]
    let instance: String
    let version: String
    let uptimeSeconds: Double
    let events: Int
    let eventsPerSecond: Double
    let lagRecords: Int64
    let customers: Int
    let changes: Int
    let rejected: Int
    let misplaced: Int
    let profileBytes: Int
    /// Of the last seconds.
    @Null var latency: Latency?
    let lanes: [Lane]
    @Null var model: Model?
    let trainer: Trainer
    @Null var streamTime: String?
    let subscribers: Int

    init(
        _ status: EngineStatus, obstacles: [String], settings: ServiceSettings, engine: EngineSettings,
        subscribers: Int
    ) {
        phase = status.phase.rawValue
        ready = obstacles.isEmpty
        reasons = obstacles
        instance = engine.instance
        version = settings.version
        uptimeSeconds = Double(status.uptimeMilliseconds) / 1_000
        events = status.counters.records
        eventsPerSecond = (status.recordsPerSecond * 10).rounded() / 10
        lagRecords = status.lagRecords
        customers = status.customers
        changes = status.counters.changes
        rejected = status.counters.rejected
        misplaced = status.misplacedRecords
        profileBytes = status.profileBytes
        latency = Latency(status.latency.recent)
        lanes = status.lanes.enumerated().map { index, lane in
            Lane(
                index: index, phase: lane.phase.rawValue, partitions: lane.partitions, events: lane.records,
                customers: lane.customers, lagRecords: lane.lagRecords, modelVersion: lane.modelVersion)
        }
        model =
            status.modelVersion == 0
            ? nil : Model(version: status.modelVersion, generation: status.modelGeneration)
        trainer = Trainer(
            active: status.trainer.isActive, learning: status.trainer.isLearning,
            gathered: status.trainer.gathered, warmup: engine.model.warmup)
        streamTime = status.streamTimeMilliseconds.map(OutputBuffer.timeText)
        self.subscribers = subscribers
    }
}
