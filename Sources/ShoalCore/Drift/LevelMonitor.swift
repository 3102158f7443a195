/// Watches the level of one quantity, cell by cell, with ADWIN and Page–Hinkley on standardised values.
///
/// It learns a reference from at least 16 cells and 1,024 vectors whose halves agree, so a stream that is
/// still settling raises nothing. Then it subtracts what is expected, divides by the standard deviation of a
/// cell and asks both detectors; what they find counts if the median of the cells since then is away from
/// what is expected by `effectMin`, and by more than days differ anyway.
///
/// Expected is the level of the day (`WeekLevels`) plus its season (`WeekSeason`). Until a whole day has been
/// seen, and on weekdays whose season can be anything, a season cannot be told from a drift, and only a
/// contrast within a quarter of an hour counts: expected is then a mean that is forgotten with that
/// half-life. On a day of a kind not seen before the reference is learned from the day itself; on one not
/// seen since a change, what begins with the day is none.
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
        /// The unit of both.
        var unit: Double
    }

    /// What the level should be but for the season.
    private struct Expected: Equatable, Sendable {
        var level: Double
        /// Whether it is only what it was a quarter of an hour ago.
        var isRecent: Bool
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
    /// How far halves of the reference, and days, may differ by chance, in standard errors.
    private static let agreement = 3.0
    /// Half-life of what is expected on the first day.
    private static let firstDayHalfLife: Int64 = 900_000
    /// Cells that must be behind such an expectation.
    private static let firstDayCellsMin = 8.0
    /// Single cells are believed up to this many standard deviations, so that outliers are not a drift.
    private static let deviationMax = 6.0
    /// A day is whole enough to tell its level if its cells span so many hours.
    private static let dayCoverageMin: Int64 = 6 * 3_600_000

    /// How many times the detectors are shown the reference: a reference is believed more than as many cells
    /// of which nothing is known.
    private static let referenceWeight = 4
    /// How far into the next day a day is believed, as with `WeekSeason`.
    private static let dayWaiting = DayKind.dayMilliseconds / 2

    private static let probationVectors = 2_048.0

    private let effectMin: Double
    private let settings: DriftSettings
    /// Whether anything is judged before a whole day has been seen.
    private let judgesFirstDay: Bool
    /// The unit of `effectMin`; `nil` takes the spread within cells.
    private let fixedUnit: Double?
    private let cellScaleMin: Double
    /// Cells that a median is of at least, so that outliers next to each other are no change.
    private let medianMin: Int

    private var season = WeekSeason()
    private var week: WeekLevels
    private var day: Int64?
    /// Cells of today since the reference was learned, less their season: how many, their sum, and when the
    /// first came.
    private var todayCount = 0.0
    private var todayTotal = 0.0
    private var todayStart: Int64 = 0
    private var todayEnd: Int64 = 0
    /// The newest cells, oldest first.
    private var recent: [RecentCell] = []
    /// Whether the reference has been learned.
    private(set) var isArmed = false
    private(set) var level = 0.0
    /// Cells behind the level, while it is learned from a day that is not over, and when the first came.
    private var levelCount = 0.0
    private var levelStart: Int64 = 0
    /// Cells since a kind of day began that has not been seen since the level changed; `nil` on other days.
    private var cellsOfNewKind: Double?
    /// For how many more vectors a reference that was learned after a change may be overtaken by it.
    private var probation = 0.0
    private var cellScale = 1.0
    private var unit = 1.0
    private var fastMass = 0.0
    private var fastTotal = 0.0
    private var fastTime: Int64 = 0
    private var adaptiveWindow: AdaptiveWindow
    private var pageHinkley: PageHinkley
    /// The detectors as they are when they know the reference and nothing else.
    ///
    /// They know only what they have seen, and start afresh when they have found something, even if its
    /// effect was too small to count. Without this a change that comes slowly would be its own past.
    private var freshAdaptiveWindow: AdaptiveWindow
    private var freshPageHinkley: PageHinkley

    init(
        effectMin: Double, settings: DriftSettings, reference: WeekLevels.Reference = .fixed,
        unit: Double? = nil, cellScaleMin: Double = 1e-6, judgesFirstDay: Bool = true, medianMin: Int = 5
    ) {
        self.effectMin = effectMin
        self.settings = settings
        self.judgesFirstDay = judgesFirstDay
        self.cellScaleMin = cellScaleMin
        self.medianMin = medianMin
        fixedUnit = unit
        week = WeekLevels(reference)
        adaptiveWindow = AdaptiveWindow(settings.adaptiveWindow)
        pageHinkley = PageHinkley(settings.pageHinkley)
        freshAdaptiveWindow = adaptiveWindow
        freshPageHinkley = pageHinkley
    }

    /// Where the newest cells lie, less their season.
    var current: Double { recent.isEmpty ? level : median(ofNewest: Self.cellsMin / 2) }

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
        let wasKnown = isSeasonKnown
        turn(to: DayKind.day(of: time))
        if time % DayKind.dayMilliseconds >= Self.dayWaiting { settleDay() }
        season.note(believable(value, at: time), at: time)
        if isSeasonKnown, !wasKnown {
            // The cells at hand are a reference as soon as their season is known, if today's is like it.
            disarm()
            if !isSeasonSure { recent.removeAll(keepingCapacity: true) }
        }
        probation = max(probation - count, 0)
        if let cells = cellsOfNewKind { cellsOfNewKind = cells + 1 }
        recent.append(RecentCell(value: value, count: count, variance: variance, time: time))
        if recent.count > Self.cellsMax { settle(recent.removeFirst()) }
        guard isArmed else { return learn() }
        let adjusted = value - season.value(at: time)
        guard let expected = expected(at: time) else {
            follow(adjusted, at: time)
            restartDetectors()
            return .nothing
        }
        let deviation = (adjusted - expected.level) / cellScale
        let believed = min(max(deviation, -Self.deviationMax), Self.deviationMax)
        follow(expected.level + believed * cellScale, at: time)
        let outcome = judge(believed, against: expected)
        guard outcome == .nothing, isOvertaken else {
            if outcome == .nothing { noteToday(expected.level + believed * cellScale, at: time) }
            return outcome
        }
        disarm()
        probation = Self.probationVectors
        recent.removeFirst(recent.count - Self.cellsMin / 2)
        return .moving
    }

    /// The value, or the farthest from what is expected that a single cell is believed to be.
    private func believable(_ value: Double, at time: Int64) -> Double {
        guard isArmed, isSeasonKnown, let usual = expected(at: time) else { return value }
        let middle = usual.level + season.value(at: time)
        return min(max(value, middle - Self.deviationMax * cellScale), middle + Self.deviationMax * cellScale)
    }

    /// Learns the reference anew; the season stays if it is known.
    mutating func restart() {
        suppose()
        disarm()
        probation = Self.probationVectors
        recent.removeAll(keepingCapacity: true)
        week.restart()
        season.discardDay()
    }

    private mutating func disarm() {
        isArmed = false
        fastMass = 0
        fastTotal = 0
        todayCount = 0
        todayTotal = 0
        freshAdaptiveWindow.restart()
        freshPageHinkley.restart()
        restartDetectors()
    }

    private mutating func restartDetectors() {
        adaptiveWindow = freshAdaptiveWindow
        pageHinkley = freshPageHinkley
    }

    /// Shows the detectors the cells that the reference was learned from.
    private mutating func prepareDetectors(_ deviations: [Double]) {
        for _ in 0..<Self.referenceWeight {
            for deviation in deviations {
                let believed = min(max(deviation, -Self.deviationMax), Self.deviationMax)
                _ = freshAdaptiveWindow.absorb(believed)
                _ = freshPageHinkley.absorb(believed)
            }
        }
        restartDetectors()
    }

    // MARK: Days

    /// Ends days that are over and says what is expected of the one that begins.
    private mutating func turn(to newest: Int64) {
        guard let before = day, newest > before else {
            day = day ?? newest
            return
        }
        week.settle()
        let isOtherKind = DayKind(day: newest) != DayKind(day: before)
        let wasSure = isSeasonSure
        day = newest
        // A season is learned from whole days, but for the very first: that is of 24 hours of one kind.
        let mean = isSeasonKnown || isOtherKind || season.isWhole ? season.endDay() : nil
        if !wasSure {
            if let mean { week.absorb(mean, day: before) }
        } else if todayCount > 0, todayEnd - todayStart >= Self.dayCoverageMin {
            week.absorb(todayTotal / todayCount, day: before)
        }
        todayCount = 0
        todayTotal = 0
        if isSeasonKnown, !isSeasonSure {
            // What came yesterday is not to be compared with.
            fastMass = 0
            fastTotal = 0
            restartDetectors()
        }
        if let known = week.level(ofDay: newest) {
            cellsOfNewKind = nil
            if isArmed { level = known }
        } else {
            start(newest, after: before)
        }
    }

    /// Hands on the level of a kind of day that is left before one of its days has been seen to its end.
    private mutating func suppose() {
        // A level that is but another kind's and the step from it is no news.
        guard isArmed, isSeasonKnown, cellsOfNewKind == nil, let newest = recent.last?.time,
            newest - levelStart >= Self.dayCoverageMin
        else { return }
        week.suppose(level, of: DayKind(day: DayKind.day(of: newest)))
    }

    /// Goes on to a day of a kind that has not been seen since the level changed, or ever.
    private mutating func start(_ newest: Int64, after before: Int64) {
        let step = isSeasonKnown ? week.step(fromDay: before, toDay: newest) : nil
        let isOtherKind = DayKind(day: newest) != DayKind(day: before)
        guard isOtherKind || (step ?? 0) != 0 else { return }
        suppose()
        guard let step else {
            disarm()
            recent.removeAll(keepingCapacity: true)
            return
        }
        level += step
        cellsOfNewKind = 0
        restartDetectors()
    }

    /// Whether a step so many cells ago is but that from one kind of day to another.
    private func isOfNewKind(_ count: Double) -> Bool {
        guard let cells = cellsOfNewKind else { return false }
        // ADWIN's cuts lie between its buckets, of which the larger hold an eighth of what came since.
        return count > cells - max(2, cells / 8)
    }

    /// Believes the day before, as a change in it would have been found by now.
    private mutating func settleDay() {
        guard week.settle(), let day, isArmed, let known = week.level(ofDay: day) else { return }
        level = known
    }

    private mutating func noteToday(_ value: Double, at time: Int64) {
        guard isSeasonKnown else { return }
        if todayCount == 0 { todayStart = time }
        todayEnd = time
        todayCount += 1
        todayTotal += value
    }

    /// Before a day of its kind has been seen to its end, the level is the mean of all cells so far that are
    /// too old to be part of a change that is yet to be found.
    private mutating func settle(_ cell: RecentCell) {
        guard isArmed, isSeasonKnown, let day, week.level(ofDay: day) == nil else { return }
        levelCount += 1
        let deviation = (cell.value - season.value(at: cell.time) - level) / cellScale
        level += min(max(deviation, -Self.deviationMax), Self.deviationMax) * cellScale / levelCount
    }

    private var isSeasonKnown: Bool { season.isKnown }

    /// Whether levels of today can be told from its season.
    private var isSeasonSure: Bool {
        guard let day, season.isKnown else { return false }
        let error = season.errorMax(weekday: DayKind.weekday(ofDay: day))
        return error < effectMin * settings.firstWeekFactor * unit
    }

    // MARK: Learning

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
        levelCount = total
        levelStart = recent[0].time
        prepareDetectors(values.map { ($0 - level) / cellScale })
        if let day, let known = week.level(ofDay: day) { level = known }
        isArmed = true
        for (cell, value) in zip(recent, values) { follow(value, at: cell.time) }
        return .nothing
    }

    /// What the level should be but for the season; `nil` if nothing can be said.
    private func expected(at time: Int64) -> Expected? {
        if isSeasonSure { return Expected(level: level, isRecent: false) }
        guard judgesFirstDay, fastMass * fastFactor(at: time) >= Self.firstDayCellsMin else { return nil }
        return Expected(level: fastTotal / fastMass, isRecent: true)
    }

    private func fastFactor(at time: Int64) -> Double {
        Decay.factor(elapsed: Double(time - fastTime), halfLife: Self.firstDayHalfLife)
    }

    private mutating func follow(_ value: Double, at time: Int64) {
        guard !isSeasonSure else { return }
        let factor = fastFactor(at: time)
        fastMass = fastMass * factor + 1
        fastTotal = fastTotal * factor + value
        fastTime = max(fastTime, time)
    }

    // MARK: Judging

    private mutating func judge(_ value: Double, against expected: Expected) -> Outcome {
        var found: (detector: Change.Detector, cells: Double)?
        if pageHinkley.absorb(value), let change = pageHinkley.latestChange {
            found = (.pageHinkley, change.newerCount)
        }
        if adaptiveWindow.absorb(value), let cut = adaptiveWindow.latestCut {
            found = (.adaptiveWindow, cut.newerCount)
        }
        guard let found else { return .nothing }
        // What detectors see is cut off, and one outlier may have moved their means; a median is neither.
        let moved = median(ofNewest: max(Int(found.cells), medianMin)) - expected.level
        let threshold = threshold(isRecent: expected.isRecent)
        guard (moved / unit).magnitude >= threshold else {
            restartDetectors()
            return .nothing
        }
        if isOfNewKind(found.cells) {
            cellsOfNewKind = nil
            disarm()
            recent.removeFirst(max(recent.count - Int(found.cells), 0))
            return .nothing
        }
        return .changed(
            Change(
                detector: found.detector, reference: expected.level, current: expected.level + moved,
                effect: moved / unit, threshold: threshold, unit: unit))
    }

    /// What an effect must reach: more before a day or a week has been seen, and always more than days
    /// differ.
    private func threshold(isRecent: Bool) -> Double {
        guard !isRecent else { return effectMin * settings.firstDayFactor }
        var least = effectMin * settings.firstWeekFactor
        if week.isWeekSeen { least = fixedUnit == nil ? effectMin * settings.knownWeekFactor : effectMin }
        return max(least, Self.agreement * (day.map(week.dayScale) ?? 0) / unit)
    }

    /// Whether a stream that has changed lately has gone on, away from the reference learned since.
    private var isOvertaken: Bool {
        // A change to a new kind of day has just taken the reference away.
        guard isArmed, isSeasonSure, probation > 0 else { return false }
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
