internal import Glibc

/// Watches how many events come in five minutes of stream time.
///
/// Volume follows the hour of the day more than anything else, so nothing is judged before a whole day has
/// been seen. A stream that stops altogether sends no batches and so no finding: that is for the lag metrics.
struct VolumeMonitor: Equatable, Sendable {
    private static let bucketMilliseconds: Int64 = 300_000
    /// Of a longer time between two batches only so many buckets count.
    private static let bucketsMax: Int64 = 288

    /// A bucket says as much about volume as so many vectors about their mean.
    private static let vectorsPerBucket = 64.0

    private var level: LevelMonitor
    private var bucket: Int64?
    /// The first bucket began before the stream did.
    private var isPartial = true
    private var events = 0.0
    /// When the batch before came.
    private var newest: Int64 = 0

    init(settings: DriftSettings) {
        level = LevelMonitor(
            effectMin: settings.factorEffectMin, settings: settings, unit: 1, cellScaleMin: 0.01,
            judgesFirstDay: false)
    }

    /// Adds a batch's events, evenly over the time since the batch before; `time` never runs backwards.
    mutating func absorb(events added: Double, at time: Int64) -> DriftFinding? {
        let last = time / Self.bucketMilliseconds
        guard let first = bucket else {
            bucket = last
            newest = time
            return nil
        }
        let begin = max(newest, time - Self.bucketsMax * Self.bucketMilliseconds)
        let rate = added / Double(max(time - begin, 1))
        var finding: DriftFinding?
        for current in max(first, begin / Self.bucketMilliseconds)..<last {
            let end = (current + 1) * Self.bucketMilliseconds
            let start = max(begin, current * Self.bucketMilliseconds)
            let found = isPartial ? nil : close(events + rate * Double(end - start), bucket: current)
            finding = found ?? finding
            isPartial = false
            events = 0
        }
        let start = max(begin, last * Self.bucketMilliseconds)
        events += time > begin ? rate * Double(time - start) : added
        bucket = last
        newest = time
        return finding
    }

    private mutating func close(_ count: Double, bucket: Int64) -> DriftFinding? {
        switch level.absorb(
            log(1 + count), count: Self.vectorsPerBucket, at: bucket * Self.bucketMilliseconds)
        {
        case .nothing: return nil
        case .moving: return .continuation(of: .volume, key: "", level: DriftValue.factor(level.level) - 1)
        case .changed(let change):
            level.restart()
            return DriftFinding(
                monitor: .volume, key: "", subject: "volume", direction: change.effect > 0 ? .up : .down,
                size: DriftValue.factor(change.effect.magnitude),
                statistic: change.detector == .pageHinkley ? .pageHinkleyMean : .adaptiveWindowMean,
                threshold: DriftValue.factor(change.threshold),
                reference: DriftValue.factor(change.reference) - 1,
                current: DriftValue.factor(change.current) - 1, severity: .warning)
        }
    }
}
