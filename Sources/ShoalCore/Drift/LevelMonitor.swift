/// Watches the level of one quantity, cell by cell, with ADWIN and Page–Hinkley on standardised values.
///
/// It learns a reference from at least 16 cells and 1,024 vectors whose halves agree, so a stream that is
/// still settling raises nothing. Then it subtracts what is expected, divides by the standard deviation of a
/// cell and asks both detectors; what they find counts if the median of the cells since then is away from
/// what is expected by `effectMin`.
///
/// Expected is the reference plus the season of the day. Until a whole day has been seen, a season cannot be
/// told from a drift, and only a contrast within a quarter of an hour counts: expected is then a mean that
/// is forgotten with that half-life.
struct LevelMonitor: Equatable, Sendable {
    /// What a cell led to.
    enum Outcome: Equatable, Sendable {
        case nothing
        /// The reference is being learned anew and has not come to rest.
        case moving
        case changed(Change)
    }

    /// A change of level, in the quantity's own units.
    struct Change: Equatable, Sendable {
        enum Detector: Equatable, Sendable { case adaptiveWindow, pageHinkley }

        var detector: Detector
        var reference: Double
        var current: Double
        /// How far the level has moved, in the units of `effectMin`; negative is down.
        var effect: Double
        /// What `effect` had to exceed.
        var threshold: Double
    }

    private struct RecentCell: Equatable, Sendable {
        var value: Double
        /// Vectors in the cell, and the variance of what its value is the mean of.
        var count: Double
        var variance: Double
        var time: Int64
    }

    private static let cellsMin = 16
    private static let cellsMax = 32
    private static let vectorsMin = 1_024.0
    /// How far halves of the reference may differ by chance, in standard errors.
    private static let agreement = 3.0
    /// Half-life of what is expected on the first day.
    private static let firstDayHalfLife: Int64 = 900_000
    /// Cells that must be behind such an expectation.
    private static let firstDayCellsMin = 8.0
    /// Single cells are believed up to this many standard deviations, so that outliers are not a drift.
    private static let deviationMax = 6.0

    private static let probationVectors = 2_048.0

    private let effectMin: Double
    private let settings: DriftSettings
    /// Whether anything is judged before a whole day has been seen.
    private let judgesFirstDay: Bool
    /// The unit of `effectMin`; `nil` takes the spread within cells.
    private let fixedUnit: Double?
    private let cellScaleMin: Double

    private var season = DailySeason()
    /// The newest cells, oldest first.
    private var recent: [RecentCell] = []
    /// Whether the reference has been learned.
    private(set) var isArmed = false
    private(set) var level = 0.0
    /// For how many more vectors a reference that was learned after a change may be overtaken by it.
    private var probation = 0.0
    private var cellScale = 1.0
    private var unit = 1.0
    private var fastMass = 0.0
    private var fastTotal = 0.0
    private var fastTime: Int64 = 0
    private var adaptiveWindow: AdaptiveWindow
    private var pageHinkley: PageHinkley

    init(
        effectMin: Double, settings: DriftSettings, unit: Double? = nil, cellScaleMin: Double = 1e-6,
        judgesFirstDay: Bool = true
    ) {
        self.effectMin = effectMin
        self.settings = settings
        self.judgesFirstDay = judgesFirstDay
        self.cellScaleMin = cellScaleMin
        fixedUnit = unit
        adaptiveWindow = AdaptiveWindow(settings.adaptiveWindow)
        pageHinkley = PageHinkley(settings.pageHinkley)
    }

    /// Takes the next cell's value.
    ///
    /// - Parameters:
    ///   - value: The level in this cell.
    ///   - count: Vectors in the cell.
    ///   - variance: What the value's variance times `count` should be if vectors are independent; 0 if not
    ///     known.
    ///   - time: Stream time, epoch milliseconds.
    /// - Returns: What the cell led to.
    mutating func absorb(_ value: Double, count: Double, variance: Double = 0, at time: Int64) -> Outcome {
        guard DriftValue.isUsable(value), DriftValue.isUsable(variance) else { return .nothing }
        let wasKnown = season.isKnown
        season.note(value, at: time)
        if season.isKnown, !wasKnown {
            // The cells at hand are a reference as soon as their season is known.
            disarm()
        }
        recent.append(RecentCell(value: value, count: count, variance: variance, time: time))
        if recent.count > Self.cellsMax { recent.removeFirst() }
        guard isArmed else { return learn() }
        let adjusted = value - season.value(at: time)
        guard let expected = expected(at: time) else {
            follow(adjusted, at: time)
            adaptiveWindow.restart()
            pageHinkley.restart()
            return .nothing
        }
        let deviation = (adjusted - expected) / cellScale
        let believed = min(max(deviation, -Self.deviationMax), Self.deviationMax)
        follow(expected + believed * cellScale, at: time)
        let outcome = judge(believed, against: expected)
        guard outcome == .nothing, isOvertaken(by: count) else { return outcome }
        disarm()
        probation = Self.probationVectors
        recent.removeFirst(recent.count - Self.cellsMin / 2)
        return .moving
    }

    /// Learns the reference anew; the season stays if it is known.
    mutating func restart() {
        disarm()
        probation = Self.probationVectors
        recent.removeAll(keepingCapacity: true)
        season.discardDay()
    }

    private mutating func disarm() {
        isArmed = false
        fastMass = 0
        fastTotal = 0
        adaptiveWindow.restart()
        pageHinkley.restart()
    }

    /// Takes the recent cells for the reference if there are enough and both halves of them agree.
    private mutating func learn() -> Outcome {
        let vectors = recent.reduce(0) { $0 + $1.count }
        guard recent.count == Self.cellsMax || recent.count >= Self.cellsMin && vectors >= Self.vectorsMin
        else { return .nothing }
        let half = recent.count / 2
        let values = recent.map { $0.value - season.value(at: $0.time) }
        var squaredSteps = 0.0
        for index in 1..<values.count {
            let step = values[index] - values[index - 1]
            squaredSteps += step * step
        }
        let total = Double(recent.count)
        // Half the mean squared step is the variance of a cell, whatever the level does in between; a few
        // steps may be small by chance, but cells do not vary less than independent vectors would.
        let variance = squaredSteps / (2 * (total - 1))
        let varianceMin = recent.reduce(0) { $0 + $1.variance / max($1.count, 1) } / total
        cellScale = max(variance, varianceMin, cellScaleMin * cellScaleMin).squareRoot()
        let spread = (recent.reduce(0) { $0 + $1.variance } / total).squareRoot()
        unit = fixedUnit ?? max(spread, cellScaleMin)
        let older = values[..<half].reduce(0, +) / Double(half)
        let newer = values[half...].reduce(0, +) / Double(values.count - half)
        let difference = (newer - older).magnitude
        let chance = Self.agreement * cellScale * (2 / Double(half)).squareRoot()
        guard difference <= max(effectMin * unit / 2, chance) else {
            recent.removeFirst(half)
            return difference > max(effectMin * unit, chance) ? .moving : .nothing
        }
        level = values.reduce(0, +) / total
        isArmed = true
        for cell in recent { follow(cell.value, at: cell.time) }
        return .nothing
    }

    /// What the level should be but for the season; `nil` if nothing can be said.
    private func expected(at time: Int64) -> Double? {
        if season.isKnown { return level }
        guard judgesFirstDay else { return nil }
        let mass = fastMass * fastFactor(at: time)
        return mass >= Self.firstDayCellsMin ? fastTotal / fastMass : nil
    }

    private func fastFactor(at time: Int64) -> Double {
        Decay.factor(elapsed: Double(time - fastTime), halfLife: Self.firstDayHalfLife)
    }

    private mutating func follow(_ value: Double, at time: Int64) {
        guard !season.isKnown else { return }
        let factor = fastFactor(at: time)
        fastMass = fastMass * factor + 1
        fastTotal = fastTotal * factor + value
        fastTime = max(fastTime, time)
    }

    private mutating func judge(_ value: Double, against expected: Double) -> Outcome {
        var found: (detector: Change.Detector, cells: Double)?
        if pageHinkley.absorb(value), let change = pageHinkley.latestChange {
            found = (.pageHinkley, change.newerCount)
        }
        if adaptiveWindow.absorb(value), let cut = adaptiveWindow.latestCut {
            found = (.adaptiveWindow, cut.newerCount)
        }
        guard let found else { return .nothing }
        // What detectors see is cut off, and one outlier may have moved their means; a median is neither.
        let moved = median(ofNewest: Int(found.cells)) - expected
        let threshold = season.isKnown ? effectMin : effectMin * settings.firstDayFactor
        guard (moved / unit).magnitude >= threshold else { return .nothing }
        return .changed(
            Change(
                detector: found.detector, reference: expected, current: expected + moved,
                effect: moved / unit, threshold: threshold))
    }

    /// Whether a stream that has changed lately has gone on, away from the reference learned since.
    private mutating func isOvertaken(by count: Double) -> Bool {
        guard season.isKnown, probation > 0 else { return false }
        probation -= count
        let moved = median(ofNewest: Self.cellsMin) - level
        let chance = Self.agreement * cellScale * (2 / Double(Self.cellsMin)).squareRoot()
        return moved.magnitude > max(effectMin * unit, chance)
    }

    /// The median of the newest cells less their season.
    private func median(ofNewest count: Int) -> Double {
        let newest = recent.suffix(max(count, 1)).map { $0.value - season.value(at: $0.time) }.sorted()
        let middle = newest.count / 2
        return newest.count.isMultiple(of: 2) ? (newest[middle - 1] + newest[middle]) / 2 : newest[middle]
    }
}
