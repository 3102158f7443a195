internal import Glibc

/// Watches how many events come in five minutes of stream time.
///
/// Volume follows the hour of the day more than anything else, so nothing is judged before a whole day has
/// been seen. A stream that stops altogether sends no batches and so no finding: that is for the lag metrics.
struct VolumeMonitor: Equatable, Sendable {
    private static let bucketMilliseconds: Int64 = 300_000
    /// A longer silence counts as so many empty buckets.
    private static let emptyBucketsMax: Int64 = 12

    /// A bucket says as much about volume as so many vectors about their mean.
    private static let vectorsPerBucket = 64.0

    private var level: LevelMonitor
    private var bucket: Int64?
    /// The first bucket began before the stream did.
    private var isPartial = true
    private var events = 0.0

    init(settings: DriftSettings) {
        level = LevelMonitor(
            effectMin: settings.factorEffectMin, settings: settings, unit: 1, cellScaleMin: 0.01,
            judgesFirstDay: false)
    }

    /// Adds events; `time` never runs backwards.
    mutating func absorb(events added: Double, at time: Int64) -> DriftFinding? {
        let newest = time / Self.bucketMilliseconds
        let current = bucket ?? newest
        bucket = newest
        var finding: DriftFinding?
        if newest > current {
            if !isPartial { finding = close(events, bucket: current) }
            isPartial = false
            events = 0
            let empty = min(newest - current - 1, Self.emptyBucketsMax)
            for step in 0..<max(empty, 0) { finding = close(0, bucket: current + 1 + step) ?? finding }
        }
        events += added
        return finding
    }

    private mutating func close(_ count: Double, bucket: Int64) -> DriftFinding? {
        switch level.absorb(
            log(1 + count), count: Self.vectorsPerBucket, at: bucket * Self.bucketMilliseconds)
        {
        case .nothing: return nil
        case .moving: return .continuation(of: .volume, key: "", level: exp(level.level) - 1)
        case .changed(let change):
            level.restart()
            return DriftFinding(
                monitor: .volume, key: "", subject: "volume", direction: change.effect > 0 ? .up : .down,
                size: exp(change.effect.magnitude),
                statistic: change.detector == .pageHinkley ? .pageHinkleyMean : .adaptiveWindowMean,
                threshold: exp(change.threshold), reference: exp(change.reference) - 1,
                current: exp(change.current) - 1, severity: .warning)
        }
    }
}
