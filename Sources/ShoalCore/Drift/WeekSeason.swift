/// What time of day does to a level on each day of the week, learned from whole days, so that like is
/// compared with like.
///
/// Values are averaged by hour of UTC days; hourly means, less the day's mean, are merged into the shape of
/// that day of the week, where a week weighs 0.7 of the one after it. What is expected of a day is the mean
/// shape of its `DayKind`, plus in what its own shape differs, both by those harmonics only that are more
/// than noise. Of days that have not been seen it is a guess, and `errorMax` says how good. All days but the
/// very first wait for a day before they are merged, and are dropped if a change is found in them or until
/// the noon after: a level that changed in the course of a day is no season. Only after two such days in a
/// row, or of the same weekday, it is the season that has changed: it is then in doubt, and learned anew
/// whatever is found.
struct WeekSeason: Equatable, Sendable {
    /// A season changes in months, and a mean of three weeks has half the noise of one.
    private static let weekWeight = 0.7
    /// How far into the next day a change speaks against a day; levels that change are found sooner.
    private static let waiting = 12 * DayShape.hourMilliseconds
    /// Changes in so many days speak against their season.
    private static let doubtsMax = 2

    private struct Known: Equatable, Sendable {
        var shape: DayShape
        /// Weeks behind it, decayed.
        var weight: Double
    }

    private struct WaitingDay: Equatable, Sendable {
        var shape: DayShape
        var weekday: Int
        var end: Int64
    }

    private var gatherer = DayGatherer()
    private var waitingDay: WaitingDay?
    private var weekdays: [Known?] = Array(repeating: nil, count: DayKind.daysPerWeek)
    /// The very first 24 hours, if they were of two days; stands for its kind until a day of it is known.
    private var initial: DayShape?
    private var initialKind: DayKind?
    /// Smoothed, by weekday.
    private var profiles: [[Double]] = []
    /// Whether a change has been found on the day that is being gathered.
    private var isDoubtNoted = false
    /// Days on which changes were found since the last that was merged: of the weekday, of the kind.
    private var weekdayDoubts = Array(repeating: 0, count: DayKind.daysPerWeek)
    private var kindDoubts = Array(repeating: 0, count: DayKind.allCases.count)
    /// Weekdays whose season is to be learned anew.
    private var doubted = Array(repeating: false, count: DayKind.daysPerWeek)
    /// The largest difference of two hours of a day.
    private var swing = 0.0
    /// The largest difference of two hours in what sets a weekday apart from its kind; `nil` if only one of
    /// that kind has been seen.
    private var kindDifferences: [Double?] = Array(repeating: nil, count: DayKind.allCases.count)

    /// Whether a whole day has been seen.
    var isKnown: Bool { !profiles.isEmpty }

    /// Whether the season of a weekday has been seen, and holds.
    func hasSeen(weekday: Int) -> Bool { weekdays[weekday] != nil && !doubted[weekday] }

    /// How far the season of a weekday may be from what is expected: not at all if it has been seen; by as
    /// much as those of its kind differ, if there are two; or by as much as any day swings.
    func errorMax(weekday: Int) -> Double {
        if doubted[weekday] { return .infinity }
        if hasSeen(weekday: weekday) { return 0 }
        return min(kindDifferences[DayKind(weekday: weekday).rawValue] ?? .infinity, swing)
    }

    /// What time of day adds to the level; 0 while unknown.
    func value(at time: Int64) -> Double {
        guard isKnown else { return 0 }
        let profile = profiles[DayKind.weekday(ofDay: DayKind.day(of: time))]
        // Hourly means stand for the middle of their hours.
        let position =
            Double(time % DayKind.dayMilliseconds) / Double(DayShape.hourMilliseconds) - 0.5
        let lower = position.rounded(.down)
        let share = position - lower
        let index = Int(lower) + DayShape.hourCount
        func hour(_ offset: Int) -> Double { profile[(index + offset) % DayShape.hourCount] }
        // Catmull and Rom, 1974: through all means, without corners.
        let slope = (hour(1) - hour(-1)) / 2
        let nextSlope = (hour(2) - hour(0)) / 2
        let step = hour(1) - hour(0)
        let second = 3 * step - 2 * slope - nextSlope
        let third = slope + nextSlope - 2 * step
        return hour(0) + share * (slope + share * (second + share * third))
    }

    /// Notes a value; after the first whole day a season is known.
    mutating func note(_ value: Double, at time: Int64) {
        if !isKnown, !gatherer.isEmpty, time - gatherer.start >= DayKind.dayMilliseconds {
            _ = endDay()
        }
        gatherer.note(value, at: time)
    }

    /// Forgets the day that is being gathered, and the one that is waiting if it is the same change, because
    /// the level has changed.
    mutating func discardDay() {
        guard !gatherer.isEmpty else { return }
        let weekday = DayKind.weekday(ofDay: DayKind.day(of: gatherer.newest))
        // Days that are doubted are learned from whatever they hold, or there would be no end to it.
        guard !doubted[weekday] else { return }
        if let day = waitingDay, gatherer.newest - day.end < Self.waiting { waitingDay = nil }
        // Days that have not been seen are doubted sooner.
        if !isDoubtNoted || !hasSeen(weekday: weekday) { doubt(weekday) }
        gatherer.removeAll()
    }

    private mutating func doubt(_ weekday: Int) {
        isDoubtNoted = true
        let kind = DayKind(weekday: weekday)
        weekdayDoubts[weekday] += 1
        kindDoubts[kind.rawValue] += 1
        for other in weekdays.indices where DayKind(weekday: other) == kind {
            if kindDoubts[kind.rawValue] >= Self.doubtsMax || weekdayDoubts[other] >= Self.doubtsMax {
                doubted[other] = true
            }
        }
    }

    /// Ends the day that is being gathered, as what comes next belongs to another.
    ///
    /// - Returns: the mean of its hours, if it was whole.
    mutating func endDay() -> Double? {
        let ended = gatherer
        isDoubtNoted = false
        gatherer.removeAll()
        if let day = waitingDay { settle(day) }
        guard ended.isWhole else { return nil }
        let (first, last) = (DayKind.day(of: ended.start), DayKind.day(of: ended.newest))
        let summary = ended.summary()
        let shape = summary?.shape ?? .flat
        guard first == last else {
            if !isKnown {
                initial = shape
                initialKind = DayKind(day: last)
                makeProfiles()
            }
            return summary?.mean
        }
        let day = WaitingDay(
            shape: shape, weekday: DayKind.weekday(ofDay: first), end: (first + 1) * DayKind.dayMilliseconds)
        if isKnown { waitingDay = day } else { settle(day) }
        return summary?.mean
    }

    /// Whether there are values of a whole day since the last that ended.
    var isWhole: Bool { gatherer.isWhole }

    private mutating func settle(_ day: WaitingDay) {
        waitingDay = nil
        weekdayDoubts[day.weekday] = 0
        kindDoubts[DayKind(weekday: day.weekday).rawValue] = 0
        if let known = weekdays[day.weekday], !doubted[day.weekday] {
            let weight = known.weight * Self.weekWeight
            weekdays[day.weekday] = Known(
                shape: known.shape.mixed(with: day.shape, share: weight / (weight + 1)), weight: weight + 1)
        } else {
            weekdays[day.weekday] = Known(shape: day.shape, weight: 1)
        }
        doubted[day.weekday] = false
        makeProfiles()
    }

    private mutating func makeProfiles() {
        let kinds = DayKind.allCases.map(shape)
        kindDifferences = kinds.map { ($0?.count ?? 0) > 1 ? 0 : nil }
        profiles = (0..<DayKind.daysPerWeek).map { weekday in
            let kind = DayKind(weekday: weekday).rawValue
            guard let usual = kinds[kind] ?? kinds[1 - kind] else { return DayShape.flat.deviations }
            let smooth = usual.shape.smoothed
            guard let own = weekdays[weekday] else { return smooth }
            // As the mean of n days that it is one of has 1/n of its noise.
            let difference = DayShape(
                deviations: zip(own.shape.deviations, usual.shape.deviations).map { $0 - $1 },
                noise: own.shape.noise * (1 - 1 / usual.count))
            let apart = difference.smoothed
            if let most = kindDifferences[kind] {
                // As one of n is part of the mean that it is compared with.
                let size = Self.swing(of: apart) * usual.count / (usual.count - 1)
                kindDifferences[kind] = max(most, size)
            }
            return zip(smooth, apart).map { $0 + $1 }
        }
        swing = profiles.map(Self.swing).max() ?? 0
    }

    private static func swing(of profile: [Double]) -> Double { (profile.max() ?? 0) - (profile.min() ?? 0) }

    /// The mean shape of a kind of day and of how many weekdays; `nil` if none of them has been seen.
    private func shape(of kind: DayKind) -> (shape: DayShape, count: Double)? {
        var sum: DayShape?
        var count = 0.0
        for weekday in weekdays.indices where DayKind(weekday: weekday) == kind {
            guard let known = weekdays[weekday] else { continue }
            count += 1
            sum = sum?.mixed(with: known.shape, share: 1 - 1 / count) ?? known.shape
        }
        if let sum { return (sum, count) }
        return initialKind == kind ? initial.map { ($0, 1) } : nil
    }
}
