/// Watches a mix of categories by population stability, with the divergence of Jensen and Shannon as witness.
///
/// Like is compared with like in two ways. The newest whole day is compared with a reference of a whole day,
/// in which a daily season cancels. And the newest 1,024 counts, if they came within half an hour, are
/// compared with those before, forgotten with a half-life of a quarter of an hour, which finds what is abrupt
/// on the first day too; a season of ±1.5 standard deviations reaches an index of 0.06 that way, so this asks
/// for a warning's 0.2.
///
/// A change comes into view as the newest day fills with it, and is reported again as it grows; once it is
/// critical or has been in view for a day it is final. An abrupt one is final when the next block confirms
/// it. What is final has been seen in full, and the caller restarts the monitor.
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
    private static let dayMilliseconds: Int64 = 24 * hourMilliseconds
    private static let blockMin = 1_024.0
    /// Counts that must be left of those before: blocks of a quarter of an hour leave 1,024.
    private static let baselineMin = 768.0
    private static let blockMillisecondsMax: Int64 = 1_800_000
    private static let blockHalfLife: Int64 = 900_000
    /// A day with fewer counts says too little about its mix.
    private static let dayMin = 1_000.0

    let categoryCount: Int
    private let settings: DriftSettings

    private var reference: Counts
    private var referenceStart: Int64?
    private var isReferenceWhole = false
    /// The newest 24 hours in a ring by hour of the epoch, their sum, and where it stands.
    private var hours: [Counts]
    private var day: Counts
    private var hour: Int64 = 0
    private var dayStart: Int64 = 0
    private var unjudged = 0.0

    private var baseline: Counts
    private var baselineTime: Int64 = 0
    private var block: Counts
    private var blockStart: Int64 = 0
    private var isBlockOdd = false

    /// When the change in view was seen first and last.
    private var inView: ClosedRange<Int64>?

    /// Counts by category and their sum.
    private struct Counts: Equatable, Sendable {
        var values: [Double]
        var total = 0.0

        init(_ count: Int) { values = Array(repeating: 0, count: count) }

        mutating func add(_ other: [Double], factor: Double = 1) {
            for index in values.indices {
                values[index] += factor * other[index]
                total += factor * other[index]
            }
        }

        mutating func multiply(_ factor: Double) {
            for index in values.indices { values[index] *= factor }
            total *= factor
        }
    }

    /// - Precondition: `categoryCount` is positive.
    init(categoryCount: Int, settings: DriftSettings) {
        precondition(categoryCount > 0, "A mix has categories.")
        self.categoryCount = categoryCount
        self.settings = settings
        let empty = Counts(categoryCount)
        reference = empty
        day = empty
        baseline = empty
        block = empty
        hours = Array(repeating: empty, count: 24)
    }

    /// Forgets everything.
    mutating func restart() { self = MixMonitor(categoryCount: categoryCount, settings: settings) }

    /// Adds counts, finite and not negative, and tells what has changed, if anything.
    ///
    /// - Complexity: O(categories), and as much again with a logarithm each when there is something to judge.
    mutating func absorb(_ counts: [Double], at time: Int64) -> Change? {
        precondition(counts.count == categoryCount, "Counts come in the categories of the mix.")
        let abrupt = absorbBlock(counts, at: time)
        let slow = absorbDay(counts, at: time)
        guard var change = slow ?? abrupt else { return nil }
        if let abrupt, abrupt.stability > change.stability { change = abrupt }
        var first = inView?.lowerBound ?? time
        if let inView, time - inView.upperBound > Self.dayMilliseconds { first = time }
        inView = first...max(first, time)
        let isSeen = (slow?.stability ?? 0) >= settings.stabilityCritical
        change.isFinal = abrupt?.isFinal == true || isSeen || time - first >= Self.dayMilliseconds
        return change
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
        let start = referenceStart ?? time
        referenceStart = start
        guard isReferenceWhole else {
            reference.add(counts)
            if time - start >= Self.dayMilliseconds, reference.total >= Self.dayMin {
                isReferenceWhole = true
                dayStart = time
                hour = time / Self.hourMilliseconds
            }
            return nil
        }
        turn(to: time / Self.hourMilliseconds)
        hours[Int(hour % 24)].add(counts)
        day.add(counts)
        for value in counts { unjudged += value }
        guard time - dayStart >= Self.dayMilliseconds - Self.hourMilliseconds, day.total >= Self.dayMin,
            unjudged >= max(64, day.total / 64)
        else { return nil }
        unjudged = 0
        return judge(reference, day, stabilityMin: settings.stabilityInfo)
    }

    /// Drops the hours that are now more than a day ago.
    private mutating func turn(to newest: Int64) {
        guard newest > hour else { return }
        for step in 1...min(newest - hour, 24) {
            let index = Int((hour + step) % 24)
            day.add(hours[index].values, factor: -1)
            hours[index].multiply(0)
        }
        hour = newest
        // Subtraction leaves rounding behind where decayed counts come in; a share is never negative.
        for index in day.values.indices where day.values[index] < 0 { day.values[index] = 0 }
    }

    private func judge(_ reference: Counts, _ current: Counts, stabilityMin: Double) -> Change? {
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
