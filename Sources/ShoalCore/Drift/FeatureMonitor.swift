internal import Glibc

/// Watches what comes into one feature: its mean and its spread by ADWIN and Page–Hinkley, its distribution
/// by histogram.
///
/// Of a share the mean says all there is. Levels are told in the feature's own units.
///
/// The three share one alert: what any of them finds is a drift of this feature, and after a change all of
/// them learn their reference anew. The spread is watched as the logarithm of the variance within a cell,
/// which a change of mean leaves alone and which a factor moves by the same amount at any level.
struct FeatureMonitor: Equatable, Sendable {
    /// Sampled values from which the histogram's bins are fixed.
    private static let binSampleCount = 1_024
    /// Counts are handed on in portions, because each costs a pass over the bins.
    private static let portion = 64
    /// A variance below this is that of a constant.
    private static let varianceMin = SegmentModel.constantScale * SegmentModel.constantScale

    /// n times the variance of the logarithm of a variance of n normal values.
    private static let logarithmVariance = 2.0

    /// Cells that a median of spreads is of, as one outlier makes a cell's variance.
    ///
    /// Where one value in a thousand is an outlier, a cell of 64 has one with a chance of 0.06, and six
    /// cells of eleven have with one of 2·10⁻⁵.
    private static let spreadMedianMin = 11

    let name: String
    private let scale: InflowScale
    private let settings: DriftSettings
    private var cells: CellBuilder
    private var mean: LevelMonitor
    private var spread: LevelMonitor
    private var binSample: [Double] = []
    private var portionCounts: Histogram?
    private var portionCount = 0
    private var mix: MixMonitor?

    init(name: String, scale: InflowScale, settings: DriftSettings) {
        self.name = name
        self.scale = scale
        self.settings = settings
        cells = CellBuilder(settings: settings)
        mean = LevelMonitor(effectMin: settings.meanEffectMin, settings: settings)
        spread = LevelMonitor(
            effectMin: settings.spreadEffectMin, settings: settings, unit: 1, cellScaleMin: 0.01,
            medianMin: Self.spreadMedianMin)
    }

    /// Takes a batch's moments and the feature's values in its sample, each finite.
    mutating func absorb(
        count: Double, mean batchMean: Double, squaredDeviations: Double, sample: some Sequence<Double>,
        at time: Int64
    ) -> DriftFinding? {
        let level = absorbMoments(count, batchMean, squaredDeviations, at: time)
        // A stream that is still settling has no distribution to refer to.
        let isSettled = scale != .share && mean.isArmed && spread.isArmed
        if !isSettled { mix?.interrupt(at: time) }
        let change = isSettled ? absorbSample(sample, at: time) : nil
        let (before, now) = (mean.level, mean.current)
        let isLevelChanged = level.map { !$0.isContinuation } ?? false
        let shape = isLevelChanged || change != nil ? distribution : nil
        if isLevelChanged || change?.isFinal == true { restart() }
        var found = level
        if let change {
            var moved = DriftFinding(
                change, monitor: .feature, key: name, subject: name, settings: settings)
            // The shares of a bin would tell people nothing; where the feature lay and lies does.
            moved.direction = now >= before ? .up : .down
            moved.reference = scale.plain(before)
            moved.current = scale.plain(now)
            if !isLevelChanged || moved.severity > level?.severity ?? .info { found = moved }
        }
        found?.distribution = shape
        return found
    }

    /// How the values were spread before, and are now.
    private var distribution: DriftDistribution? {
        guard let bins = portionCounts?.bins, let counts = mix?.comparison() else { return nil }
        return DriftDistribution(
            edges: bins.edges.map(scale.plain), reference: counts.reference, current: counts.current)
    }

    private mutating func restart() {
        cells.removeAll()
        mean.restart()
        spread.restart()
        binSample.removeAll()
        portionCounts = nil
        portionCount = 0
        mix = nil
    }

    private mutating func absorbMoments(
        _ count: Double, _ batchMean: Double, _ squaredDeviations: Double, at time: Int64
    ) -> DriftFinding? {
        guard
            let cell = cells.absorb(
                count: count, mean: batchMean, squaredDeviations: squaredDeviations, at: time)
        else { return nil }
        let moved = mean.absorb(cell.mean, count: cell.count, variance: cell.variance, at: cell.time)
        let widened =
            scale == .share
            ? .nothing
            : spread.absorb(
                log(max(cell.variance, Self.varianceMin)), count: cell.count,
                variance: Self.logarithmVariance, at: cell.time)
        if case .changed(let change) = moved { return meanFinding(change) }
        if case .changed(let change) = widened { return spreadFinding(change) }
        guard moved == .moving || widened == .moving else { return nil }
        return .continuation(of: .feature, key: name, level: scale.plain(mean.level))
    }

    /// The size is a factor where the feature is compared by its logarithm, otherwise a difference.
    private func meanFinding(_ change: LevelMonitor.Change) -> DriftFinding {
        let least = change.threshold * change.unit
        let (reference, current) = (scale.plain(change.reference), scale.plain(change.current))
        let isFactor = scale == .logarithmic
        let moved = change.effect.magnitude * change.unit
        return DriftFinding(
            monitor: .feature, key: name, subject: name, direction: change.effect > 0 ? .up : .down,
            size: isFactor ? DriftValue.factor(moved) : abs(current - reference),
            statistic: change.detector == .pageHinkley ? .pageHinkleyMean : .adaptiveWindowMean,
            threshold: isFactor
                ? DriftValue.factor(least)
                : abs(scale.plain(change.reference + copysign(least, change.effect)) - reference),
            reference: reference, current: current, severity: .warning)
    }

    /// A change of spread, as a standard deviation on the scale on which the feature is compared.
    ///
    /// Half the logarithm of a variance is that of the standard deviation, which is what people know.
    private func spreadFinding(_ change: LevelMonitor.Change) -> DriftFinding {
        DriftFinding(
            monitor: .feature, key: name, subject: name, direction: change.effect > 0 ? .up : .down,
            size: DriftValue.factor(change.effect.magnitude / 2),
            statistic: change.detector == .pageHinkley ? .pageHinkleySpread : .adaptiveWindowSpread,
            threshold: DriftValue.factor(change.threshold / 2),
            reference: DriftValue.factor(change.reference / 2),
            current: DriftValue.factor(change.current / 2), severity: .warning)
    }

    private mutating func absorbSample(
        _ sample: some Sequence<Double>, at time: Int64
    ) -> MixMonitor.Change? {
        var found: MixMonitor.Change?
        for value in sample {
            guard portionCounts != nil else {
                binSample.append(value)
                if binSample.count == Self.binSampleCount { fixBins(at: time) }
                continue
            }
            portionCounts?.absorb(value)
            portionCount += 1
            if portionCount == Self.portion, let change = handOn(at: time) { found = change }
        }
        return found
    }

    private mutating func fixBins(at time: Int64) {
        var histogram = Histogram(bins: EqualFrequencyBins(reference: binSample))
        for value in binSample { histogram.absorb(value) }
        var mix = MixMonitor(categoryCount: histogram.bins.count, settings: settings)
        _ = mix.absorb(histogram.counts, at: time)
        histogram.removeAll()
        self.mix = mix
        portionCounts = histogram
        portionCount = 0
        binSample.removeAll()
    }

    private mutating func handOn(at time: Int64) -> MixMonitor.Change? {
        guard let counts = portionCounts?.counts else { return nil }
        let change = mix?.absorb(counts, at: time)
        portionCounts?.removeAll()
        portionCount = 0
        return change
    }
}
