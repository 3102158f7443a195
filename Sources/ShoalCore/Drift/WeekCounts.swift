/// How many of each category come at which hour of the week, learned from whole days, as the reference of a
/// mix.
///
/// The mix of 24 hours is compared with that of the same hours: where a weekday has been seen, of that
/// weekday; where not, of other days of its `DayKind`. How much two days differ by themselves is learned
/// too.
struct WeekCounts: Equatable, Sendable {
    private static let hoursPerDay = 24
    /// Weeks after which a fixed reference is complete.
    private static let weeksMax = 4.0
    /// Days of one kind that were compared before their difference says something.
    private static let comparisonsMin = 3.0

    let reference: WeekLevels.Reference
    private let categoryCount: Int
    /// Sums over the days of each weekday: `[7 × 24]`.
    private var hours: [MixCounts]
    private var days = Array(repeating: 0.0, count: DayKind.daysPerWeek)
    /// The latest day of each kind: its sum and its weekday.
    private var latest: [MixCounts?] = Array(repeating: nil, count: DayKind.allCases.count)
    private var latestWeekday: [Int?] = Array(repeating: nil, count: DayKind.allCases.count)
    private var comparisons = 0.0
    private var stabilityTotal = 0.0
    /// How far the mix follows the hour and the weekday: the largest stability index, less what is chance.
    private(set) var swing = 0.0

    init(categoryCount: Int, reference: WeekLevels.Reference) {
        self.reference = reference
        self.categoryCount = categoryCount
        hours = Array(
            repeating: MixCounts(categoryCount), count: DayKind.daysPerWeek * Self.hoursPerDay)
    }

    /// The mean population stability index of two days of one kind; 0 while unknown.
    var usualStability: Double {
        comparisons >= Self.comparisonsMin ? stabilityTotal / comparisons : 0
    }

    /// Knows no day yet, only how much days differ.
    var restarted: WeekCounts {
        var empty = WeekCounts(categoryCount: categoryCount, reference: reference)
        empty.comparisons = comparisons
        empty.stabilityTotal = stabilityTotal
        empty.swing = swing
        return empty
    }

    /// What the 24 hours up to `last`, an hour of the epoch, should hold; `nil` if one of them is unknown.
    func expected(ofDayEndingWith last: Int64, guessing: Bool) -> MixCounts? {
        var sum = MixCounts(categoryCount)
        for hour in (last - Int64(Self.hoursPerDay) + 1)...last {
            guard add(hour, to: &sum, guessing: guessing) else { return nil }
        }
        return sum
    }

    private func add(_ hour: Int64, to sum: inout MixCounts, guessing: Bool) -> Bool {
        let weekday = DayKind.weekday(ofDay: hour / Int64(Self.hoursPerDay))
        let index = Int(hour % Int64(Self.hoursPerDay))
        let kind = DayKind(weekday: weekday)
        let known = (0..<DayKind.daysPerWeek).filter { DayKind(weekday: $0) == kind && days[$0] > 0 }
        var sources = days[weekday] > 0 ? [weekday] : guessing ? known : []
        if reference == .latest, let newest = latestWeekday[kind.rawValue] { sources = [newest] }
        guard !sources.isEmpty else { return false }
        for source in sources {
            sum.add(
                hours[source * Self.hoursPerDay + index].values,
                factor: 1 / (days[source] * Double(sources.count)))
        }
        return true
    }

    /// How far the quarters of a day differ from it, and a weekday seen first from others of its kind.
    private mutating func noteSwing(of counts: [MixCounts], day: Int64, sum: MixCounts) {
        func note(_ current: MixCounts, against reference: MixCounts) {
            guard current.total > 0 else { return }
            let index = PopulationStability.index(reference: reference.values, current: current.values)
            let chance = PopulationStability.chanceMax(reference: reference.values, current: current.values)
            swing = max(swing, index - chance)
        }
        let hours = Self.hoursPerDay / 4
        for start in stride(from: 0, to: Self.hoursPerDay, by: hours) {
            var part = MixCounts(categoryCount)
            for hour in counts[start..<start + hours] { part.add(hour.values) }
            note(part, against: sum)
        }
        let last = (day + 1) * Int64(Self.hoursPerDay) - 1
        if !hasSeen(day: day), let guess = expected(ofDayEndingWith: last, guessing: true) {
            note(sum, against: guess)
        }
    }

    /// Whether a day of that weekday is known.
    func hasSeen(day: Int64) -> Bool { days[DayKind.weekday(ofDay: day)] > 0 }

    /// Takes a whole day, by hour.
    mutating func absorb(_ counts: [MixCounts], day: Int64) {
        let weekday = DayKind.weekday(ofDay: day)
        let kind = DayKind(weekday: weekday).rawValue
        var sum = MixCounts(categoryCount)
        for hour in counts { sum.add(hour.values) }
        noteSwing(of: counts, day: day, sum: sum)
        if let before = latest[kind] {
            comparisons += 1
            stabilityTotal += PopulationStability.index(reference: before.values, current: sum.values)
        }
        latest[kind] = sum
        latestWeekday[kind] = weekday
        guard reference == .latest || days[weekday] < Self.weeksMax else { return }
        days[weekday] = reference == .latest ? 1 : days[weekday] + 1
        for (index, hour) in counts.enumerated() {
            let slot = weekday * Self.hoursPerDay + index
            if reference == .latest { hours[slot].multiply(0) }
            hours[slot].add(hour.values)
        }
    }
}
