/// Watches a mix of categories by population stability, with the divergence of Jensen and Shannon as witness.
///
/// Like is compared with like in two ways. The newest 24 hours are compared with the same hours of whole days
/// before (`WeekCounts`), in which seasons of day and week cancel; where the mix follows the hour, a weekday
/// is not judged before it has been seen. And the newest 1,024 counts, if they came
/// within half an hour, are compared with those before, forgotten with a half-life of a quarter of an hour,
/// which finds what is abrupt on the first day too; a season of ±1.5 standard deviations reaches an index of
/// 0.06 that way, so this asks for a warning's 0.2.
///
/// A change comes into view as the newest day fills with it, stays there while the index is above half of
/// what it had to reach, and is reported again as it grows; once it is critical or has been in view for a
/// day it is final. An abrupt one is final when the next block confirms it. What is final has been seen in
/// full, and the caller restarts the monitor.
struct MixMonitor: Equatable, Sendable {
    /// A mix that is not what it was.
    struct Change: Equatable, Sendable {
        /// Population stability index, and what it had to reach.
        var stability: Double
        var threshold: Double
        /// Jensen–Shannon divergence, bits.
        var divergence: Double
        /// The category that moved most, and its shares.
        var category: Int
        var reference: Double
        var current: Double
        /// Whether it has been seen in full, so that the reference should be learned anew.
        var isFinal = false
    }

    private static let hourMilliseconds: Int64 = 3_600_000
    private static let dayMilliseconds = DayKind.dayMilliseconds
    private static let blockMin = 1_024.0
    /// Counts that must be left of those before: blocks of a quarter of an hour leave 1,024.
    private static let baselineMin = 768.0
    private static let blockMillisecondsMax: Int64 = 1_800_000
    private static let blockHalfLife: Int64 = 900_000
    /// Fewer counts show no shape.
    private static let shownMin = 128.0
    /// A day with fewer counts says too little about its mix.
    private static let dayMin = 1_000.0
    /// An index must be so many times that of two days between which nothing happened.
    private static let usualFactor = 3.0

    let categoryCount: Int
    private let settings: DriftSettings

    private var reference: WeekCounts
    /// The newest 24 hours in a ring by hour of the epoch, their sum, and where it stands.
    private var hours: [MixCounts]
    private var day: MixCounts
    private var hour: Int64?
    /// When the monitor began.
    private var start: Int64 = 0
    private var unjudged = 0.0

    private var baseline: MixCounts
    private var baselineTime: Int64 = 0
    private var block: MixCounts
    private var blockStart: Int64 = 0
    private var isBlockOdd = false

    /// When the change in view was seen first and last; `nil` before the first.
    private var inView: ClosedRange<Int64>?

    /// - Precondition: `categoryCount` is positive.
    init(categoryCount: Int, settings: DriftSettings, reference: WeekLevels.Reference = .fixed) {
        precondition(categoryCount > 0, "A mix has categories.")
        self.categoryCount = categoryCount
        self.settings = settings
        self.reference = WeekCounts(categoryCount: categoryCount, reference: reference)
        let empty = MixCounts(categoryCount)
        day = empty
        baseline = empty
        block = empty
        hours = Array(repeating: empty, count: 24)
    }

    /// Learns the reference anew.
    mutating func restart() {
        let known = reference
        self = MixMonitor(categoryCount: categoryCount, settings: settings, reference: known.reference)
        reference = known.restarted
    }

    /// Notes that counts have been left out, so that this day is no whole day.
    mutating func interrupt(at time: Int64) { start = time }

    /// Takes counts by category and tells how the mix has changed, if it has.
    ///
    /// - Precondition: There are `categoryCount` counts.
    /// - Complexity: O(categories), and 24 times as much now and then, when there is something to judge.
    mutating func absorb(_ counts: [Double], at time: Int64) -> Change? {
        precondition(counts.count == categoryCount, "Counts come in the categories of the mix.")
        turn(to: time)
        let abrupt = absorbBlock(counts, at: time)
        let slow = absorbDay(counts, at: time)
        guard var change = slow ?? abrupt else { return nil }
        if let abrupt, abrupt.stability > change.stability { change = abrupt }
        let first = isInView(at: time) ? inView?.lowerBound ?? time : time
        inView = first...max(first, time)
        let isSeen = (slow?.stability ?? 0) >= settings.stabilityCritical
        change.isFinal = abrupt?.isFinal == true || isSeen || time - first >= Self.dayMilliseconds
        return change
    }

    /// The counts before and now that differ most: of the same hours, or of the last quarters of an hour.
    ///
    /// - Returns: `nil` while there is nothing to compare.
    func comparison() -> (reference: [Double], current: [Double])? {
        var pairs: [(reference: [Double], current: [Double])] = []
        if let hour, day.total >= Self.dayMin,
            let expected = reference.expected(ofDayEndingWith: hour, guessing: true)
        {
            pairs.append((expected.values, day.values))
        }
        if baseline.total >= Self.baselineMin, block.total >= Self.shownMin {
            pairs.append((baseline.values, block.values))
        }
        func stability(_ pair: (reference: [Double], current: [Double])) -> Double {
            PopulationStability.index(reference: pair.reference, current: pair.current)
        }
        return pairs.max { stability($0) < stability($1) }
    }

    private mutating func absorbBlock(_ counts: [Double], at time: Int64) -> Change? {
        if block.total == 0 { blockStart = time }
        block.add(counts)
        guard block.total >= Self.blockMin else { return nil }
        if !isBlockOdd {
            let elapsed = Double(time - baselineTime)
            baseline.multiply(Decay.factor(elapsed: elapsed, halfLife: Self.blockHalfLife))
        }
        baselineTime = time
        var change: Change?
        if time - blockStart <= Self.blockMillisecondsMax, baseline.total >= Self.baselineMin {
            change = judge(baseline, block, stabilityMin: settings.stabilityWarning)
        }
        // The first block that differs may hold both mixes; the next one tells.
        change?.isFinal = isBlockOdd
        isBlockOdd = change != nil && !isBlockOdd
        if !isBlockOdd { baseline.add(block.values) }
        block.multiply(0)
        return change
    }

    private mutating func absorbDay(_ counts: [Double], at time: Int64) -> Change? {
        guard let hour else { return nil }
        hours[Int(hour % 24)].add(counts)
        day.add(counts)
        for value in counts { unjudged += value }
        guard time - start >= Self.dayMilliseconds, day.total >= Self.dayMin,
            unjudged >= max(64, day.total / 64)
        else { return nil }
        unjudged = 0
        // Where the mix follows the hour it may follow the weekday as well.
        let canGuess = reference.swing < settings.stabilityInfo
        guard let expected = reference.expected(ofDayEndingWith: hour, guessing: canGuess) else {
            return nil
        }
        let least = max(settings.stabilityInfo, Self.usualFactor * reference.usualStability)
        return judge(expected, day, stabilityMin: isInView(at: time) ? least / 2 : least)
    }

    private func isInView(at time: Int64) -> Bool {
        inView.map { time - $0.upperBound <= Self.dayMilliseconds } ?? false
    }

    /// Drops the hours that are now more than a day ago, and learns from days that are over.
    private mutating func turn(to time: Int64) {
        let newest = time / Self.hourMilliseconds
        guard let before = hour else {
            hour = newest
            start = time
            return
        }
        guard newest > before else { return }
        if newest / 24 > before / 24 { endDay(before / 24) }
        for step in 1...min(newest - before, 24) {
            let index = Int((before + step) % 24)
            day.add(hours[index].values, factor: -1)
            hours[index].multiply(0)
        }
        hour = newest
        // Subtraction leaves rounding behind where decayed counts come in; a share is never negative.
        for index in day.values.indices where day.values[index] < 0 { day.values[index] = 0 }
        guard newest / 24 > before / 24 else { return }
        // What comes on one day of a week is no baseline for another.
        baseline.multiply(0)
        block.multiply(0)
        isBlockOdd = false
    }

    private mutating func endDay(_ ended: Int64) {
        // A day that was seen from its first hour on, and in which no change has come into view.
        guard start < ended * Self.dayMilliseconds + Self.hourMilliseconds, day.total >= Self.dayMin,
            !reference.hasSeen(day: ended)
                || inView.map({ $0.upperBound < ended * Self.dayMilliseconds }) ?? true
        else { return }
        reference.absorb(hours, day: ended)
    }

    private func judge(_ reference: MixCounts, _ current: MixCounts, stabilityMin: Double) -> Change? {
        let stability = PopulationStability.index(reference: reference.values, current: current.values)
        guard stability >= stabilityMin,
            stability > PopulationStability.chanceMax(reference: reference.values, current: current.values)
        else { return nil }
        let divergence = JensenShannon.divergence(reference: reference.values, current: current.values)
        guard divergence >= settings.divergenceMin,
            let move = PopulationStability.largestMove(reference: reference.values, current: current.values)
        else { return nil }
        return Change(
            stability: stability, threshold: stabilityMin, divergence: divergence, category: move.category,
            reference: move.reference, current: move.current)
    }
}
