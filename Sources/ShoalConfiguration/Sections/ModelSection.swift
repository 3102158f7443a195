internal import ShoalCore

/// Reads `model:`.
struct ModelSection {
    /// 100 years; what is longer is a slip of the pen.
    static let durationMax: Int64 = 36_525 * 86_400_000
    private static let clustersMax = 1_000

    static func read(_ map: MapReader?, into settings: inout ModelSettings) {
        guard let map else { return }
        if let count = map.take("k").flatMap(clusterCount) { settings.clusterCount = count }
        if let maximum = map.take("k_max")?.integer(in: 2...clustersMax, example: "k_max: 12") {
            settings.clusterCountMax = maximum
        }
        if let warmup = map.take("warmup") {
            readWarmup(warmup, into: &settings)
        }
        if let halfLife = map.take("half_life")?.duration(in: 1...durationMax, example: "half_life: 14d") {
            settings.halfLife = halfLife
        }
        if let margin = map.take("margin")?.number(in: 0...0.99, example: "margin: 0.1") {
            settings.margin = margin
        }
        if let events = map.take("min_events")?.integer(in: 1...65_535, example: "min_events: 5") {
            settings.minEvents = events
        }
        if let certainty = map.take("certainty")?.number(in: 0...10, example: "certainty: 1") {
            settings.certainty = certainty
        }
        if let confirm = map.take("confirm")?.integer(in: 1...255, example: "confirm: 1") {
            settings.confirm = confirm
        }
        if let dwell = map.take("min_dwell")?.duration(in: 0...durationMax, example: "min_dwell: 1h") {
            settings.minDwell = dwell
        }
        if let share = map.take("min_share")?.share(in: 0...0.5, example: "min_share: 1%") {
            settings.minShare = share
        }
        if let interval = map.take("sweep_interval")?.duration(
            in: 1_000...durationMax, example: "sweep_interval: 1d")
        {
            settings.sweepInterval = interval
        }
        if let response = map.take("on_drift")?.choice(ModelSettings.DriftResponse.self) {
            settings.driftResponse = response
        }
        if let seed = map.take("seed").flatMap(seed) { settings.seed = seed }
        map.finish()
    }

    private static func clusterCount(_ setting: Setting) -> ModelSettings.ClusterCount? {
        if case .scalar("auto", _) = setting.node.content { return .automatic }
        return setting.integer(in: 1...clustersMax, example: "k: auto, or a number of segments as k: 8")
            .map { .fixed($0) }
    }

    private static func readWarmup(_ setting: Setting, into settings: inout ModelSettings) {
        // The first model is seeded from the reservoir, which never holds more than its size.
        guard let warmup = setting.integer(in: 2...settings.reservoirSize, example: "warmup: 2000") else {
            return
        }
        let clusters: Int
        switch settings.clusterCount {
        case .fixed(let count): clusters = count
        case .automatic: clusters = settings.clusterCountMax
        }
        guard warmup >= clusters else {
            setting.fault("\(warmup) vectors cannot seed \(clusters) segments", "write at least \(clusters)")
            return
        }
        settings.warmup = warmup
    }

    private static func seed(_ setting: Setting) -> UInt64? {
        guard let text = setting.text(example: "seed: 42") else { return nil }
        guard PlainNumber.isInteger(text), let seed = UInt64(text) else {
            setting.fault("`\(text)` is no seed", "write a whole number from 0 to \(UInt64.max)")
            return nil
        }
        return seed
    }
}
