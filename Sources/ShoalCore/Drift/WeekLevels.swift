/// What level each day of the week is expected to have, learned from whole days.
///
/// A day of the week that has been seen is expected to be as it was; one that has not, as other days of its
/// `DayKind`; and of a kind that has not been seen nothing is known. How much one day differs from the next
/// by itself is learned too, and a change must be larger than that: levels of whole days differ for reasons
/// that the scatter within a day does not show, such as who happens to shop.
struct WeekLevels: Equatable, Sendable {
    /// What a level is compared with.
    enum Reference: Equatable, Sendable {
        /// What it was when it was learned: the mean of the first days. Slow change adds up.
        case fixed
        /// What it was on the latest day of its kind. For what moves by itself while profiles and model grow.
        case latest
    }

    private struct Waiting: Equatable, Sendable {
        var value: Double
        var day: Int64
    }

    private struct Residual: Equatable, Sendable {
        var value: Double
        /// Whether what was expected was guessed from other weekdays.
        var isOfGuess: Bool
    }

    private struct Mean: Equatable, Sendable {
        var count = 0.0
        var value = 0.0

        mutating func absorb(_ added: Double) {
            count += 1
            value += (added - value) / count
        }
    }

    /// Weeks after which a fixed reference is complete.
    private static let weeksMax = 4.0
    /// Working days of those weeks.
    private static let daysMax = 20.0

    let reference: Reference
    private var weekdays = Array(repeating: Mean(), count: DayKind.daysPerWeek)
    private var kinds = Array(repeating: Mean(), count: DayKind.allCases.count)
    /// Levels of kinds from parts of days, where cells are so slow that a reference takes most of a day.
    private var supposed: [Double?] = Array(repeating: nil, count: DayKind.allCases.count)
    /// The latest day of each kind, less what was expected of it; only if the reference is fixed.
    private var residuals: [Residual?] = Array(repeating: nil, count: DayKind.allCases.count)
    /// How far days are from what was expected of them, less the day before: where the weekday had been
    /// seen, and where its level was guessed from others, until there are enough of the former.
    private var squaredSteps = Mean()
    private var guessedSteps = Mean()
    /// Days after which their own differences are known; two could be alike by chance.
    private static let stepsMin = 3.0
    /// Week-end less working days, as it was when both were last known; what survives a change of level.
    private var weekendOffset: Double?
    /// Levels by weekday as they were when all were last known; what they differ by survives as well.
    private var offsets: [Double]?
    /// A day that might still turn out to have changed in its course.
    private var waiting: Waiting?
    /// The newest day of each kind that was absorbed.
    private var newest: [Int64?] = Array(repeating: nil, count: DayKind.allCases.count)

    init(_ reference: Reference) { self.reference = reference }

    /// Whether every day of the week has been seen.
    var isWeekSeen: Bool { weekdays.allSatisfy { $0.count > 0 } }

    /// The level that a day should have; `nil` if no day of its kind has been seen.
    func level(ofDay day: Int64) -> Double? {
        let weekday = DayKind.weekday(ofDay: day)
        let kind = kinds[DayKind(weekday: weekday).rawValue]
        guard kind.count > 0 else { return nil }
        guard reference == .fixed else { return kind.value }
        return weekdays[weekday].count > 0 ? weekdays[weekday].value : kind.value + offset(weekday)
    }

    /// How far the level of a day strays from what is expected of it, as a standard deviation; 0 while
    /// unknown.
    ///
    /// Compared with the latest day it is so much for each day in between: what moves by itself goes on.
    func dayScale(ofDay day: Int64) -> Double {
        let steps = squaredSteps.count >= Self.stepsMin ? squaredSteps : guessedSteps
        guard steps.count > 0 else { return 0 }
        // An average of few squares is often too small; this is its upper side.
        let step = (steps.value * (1 + 2 / steps.count)).squareRoot()
        guard reference == .latest, let latest = newest[DayKind(day: day).rawValue] else { return step }
        return step * Double(max(day - latest, 1))
    }

    /// Takes the mean of a day on which nothing has been found to change; a fixed reference waits for
    /// `settle`.
    mutating func absorb(_ value: Double, day: Int64) {
        guard reference == .latest else {
            waiting = Waiting(value: value, day: day)
            return
        }
        learn(value, day: day)
    }

    /// Learns from the day that waits, if there is one.
    ///
    /// - Returns: whether there was.
    @discardableResult
    mutating func settle() -> Bool {
        guard let day = waiting else { return false }
        waiting = nil
        learn(day.value, day: day.day)
        return true
    }

    private mutating func learn(_ value: Double, day: Int64) {
        let weekday = DayKind.weekday(ofDay: day)
        let kind = DayKind(weekday: weekday).rawValue
        noteStep(to: value, day: day, kind: kind)
        newest[kind] = day
        if reference == .latest {
            weekdays[weekday].count = 1
            kinds[kind] = Mean(count: 1, value: value)
            return
        }
        if weekdays[weekday].count < Self.weeksMax { weekdays[weekday].absorb(value) }
        if kinds[kind].count < Self.daysMax { kinds[kind].absorb(value - offset(weekday)) }
    }

    private mutating func noteStep(to value: Double, day: Int64, kind: Int) {
        guard let expected = level(ofDay: day) else { return }
        var step = value - expected
        if reference == .latest {
            step /= Double(max(day - (newest[kind] ?? day), 1))
        } else {
            // A reference that is off by itself is no step.
            let before = residuals[kind]
            let isGuessed = weekdays[DayKind.weekday(ofDay: day)].count == 0
            residuals[kind] = Residual(value: step, isOfGuess: isGuessed)
            guard let before else { return }
            step -= before.value
            if isGuessed || before.isOfGuess {
                guessedSteps.absorb(step * step)
                return
            }
        }
        squaredSteps.absorb(step * step)
    }

    /// What going from one day to another adds to the level; `nil` if it was never seen.
    func step(fromDay before: Int64, toDay day: Int64) -> Double? {
        let (old, new) = (DayKind.weekday(ofDay: before), DayKind.weekday(ofDay: day))
        if let offsets { return offsets[new] - offsets[old] }
        let kind = DayKind(weekday: new)
        guard kind != DayKind(weekday: old) else { return 0 }
        return weekendOffset.map { kind == .weekend ? $0 : -$0 }
    }

    private func offset(_ weekday: Int) -> Double { offsets?[weekday] ?? 0 }

    /// Takes a level that was learned from a part of a day, until a whole day of its kind has been seen.
    ///
    /// It says how far kinds of days differ, which is else not known after changes that come within a week;
    /// nothing is judged by it while the level lasts.
    mutating func suppose(_ level: Double, of kind: DayKind) { supposed[kind.rawValue] = level }

    /// Forgets the levels, because they have changed; how much days and kinds of days differ stays.
    mutating func restart() {
        waiting = nil
        if reference == .fixed, isWeekSeen { offsets = weekdays.map(\.value) }
        if let weekend = best(.weekend), let workday = best(.workday) { weekendOffset = weekend - workday }
        for weekday in weekdays.indices { weekdays[weekday] = Mean() }
        for kind in kinds.indices {
            kinds[kind] = Mean()
            residuals[kind] = nil
            newest[kind] = nil
            supposed[kind] = nil
        }
    }

    private func best(_ kind: DayKind) -> Double? {
        kinds[kind.rawValue].count > 0 ? kinds[kind.rawValue].value : supposed[kind.rawValue]
    }
}
