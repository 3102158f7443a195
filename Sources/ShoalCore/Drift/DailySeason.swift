internal import Glibc

/// What time of day does to a level, learned from whole days, so that like is compared with like.
///
/// Values are averaged by hour; after each whole day the hourly means, less the day's mean, are smoothed
/// and merged into the profile, where a day weighs 0.8 of the one after it. Smoothing is by harmonics of
/// the day: one is kept only if it has six times the power that noise alone would give it, and then shrunk
/// by the share of noise in it (Wiener's filter). So a stream without a season gets a flat profile instead
/// of noise subtracted from it. All days but the very first wait for half a day before they are merged, and
/// are dropped if a change is found until then: a level that changed in the course of a day is no season.
/// Of weeks it knows nothing: there is one for each `DayKind`, and `WeekLevels` beside them.
struct DailySeason: Equatable, Sendable {
    private static let hourMilliseconds: Int64 = 3_600_000
    private static let hourCount = 24
    /// Fewer hours with values than these say nothing about the others, so the profile is flat.
    private static let hoursMin = 6
    /// Least coverage of a day, in hours from its first to its last value.
    private static let coverageMin: Int64 = 22
    private static let dayWeight = 0.8
    private static let powerMin = 6.0
    /// A finished day waits so long; levels that change are found sooner.
    private static let waitingHours: Int64 = 12

    /// What one day says: deviations from its mean by hour, and the noise of each as a variance.
    private struct Day: Equatable, Sendable {
        var deviations: [Double]
        var noise: Double
    }

    /// Deviation from the day's mean by hour of day (UTC); `nil` before the first whole day.
    private(set) var profile: [Double]?
    private var sums = Array(repeating: 0.0, count: hourCount)
    private var counts = Array(repeating: 0.0, count: hourCount)
    private var squaredSteps = 0.0
    private var stepCount = 0.0
    private var previous: Double?
    private var start: Int64 = 0
    private var newest: Int64 = 0
    private var waitingDay: Day?
    /// Decayed sums of days' deviations, their weight, and the noise of an hourly mean among them.
    private var merged = Array(repeating: 0.0, count: hourCount)
    private var weight = 0.0
    private var noise = 0.0

    var isKnown: Bool { profile != nil }

    /// Whether the first day waits as well, because there is another season to go by until then.
    var canWait = false

    /// What time of day adds to the level; 0 while unknown.
    func value(at time: Int64) -> Double {
        guard let profile else { return 0 }
        // Hourly means stand for the middle of their hours.
        let position = Double(time % (24 * Self.hourMilliseconds)) / Double(Self.hourMilliseconds) - 0.5
        let lower = position.rounded(.down)
        let index = (Int(lower) + Self.hourCount) % Self.hourCount
        let share = position - lower
        return profile[index] * (1 - share) + profile[(index + 1) % Self.hourCount] * share
    }

    /// Notes a value; after the first whole day the profile is known.
    mutating func note(_ value: Double, at time: Int64) {
        if let waiting = waitingDay, time - start >= Self.waitingHours * Self.hourMilliseconds {
            merge(waiting)
            waitingDay = nil
        }
        if previous != nil, time - start >= 24 * Self.hourMilliseconds { endDay() }
        if let previous {
            squaredSteps += (value - previous) * (value - previous)
            stepCount += 1
        } else {
            start = time
        }
        previous = value
        newest = time
        let hour = Int(time / Self.hourMilliseconds % Int64(Self.hourCount))
        sums[hour] += value
        counts[hour] += 1
    }

    /// Forgets the day that is being gathered and the one that is waiting, because the level has changed.
    mutating func discardDay() {
        clearDay()
        waitingDay = nil
    }

    /// Ends the day that is being gathered, as what comes next belongs to another.
    mutating func endDay() {
        if previous != nil, newest - start >= Self.coverageMin * Self.hourMilliseconds { finishDay() }
        clearDay()
    }

    private mutating func clearDay() {
        for hour in 0..<Self.hourCount {
            sums[hour] = 0
            counts[hour] = 0
        }
        squaredSteps = 0
        stepCount = 0
        previous = nil
    }

    private mutating func finishDay() {
        let occupied = counts.count { $0 > 0 }
        guard occupied >= Self.hoursMin else {
            if profile == nil { profile = Array(repeating: 0, count: Self.hourCount) }
            return
        }
        let means = filledMeans()
        let dayMean = means.reduce(0, +) / Double(Self.hourCount)
        // Half the mean squared step is the variance of a value, whatever the level does in between.
        let variance = stepCount > 0 ? squaredSteps / stepCount / 2 : 0
        var inverse = 0.0
        for count in counts where count > 0 { inverse += 1 / count }
        let day = Day(
            deviations: means.map { $0 - dayMean }, noise: variance * inverse / Double(occupied))
        if profile == nil, !canWait { merge(day) } else { waitingDay = day }
    }

    private mutating func merge(_ day: Day) {
        for hour in 0..<Self.hourCount {
            merged[hour] = merged[hour] * Self.dayWeight + day.deviations[hour]
        }
        noise = noise * Self.dayWeight * Self.dayWeight + day.noise
        weight = weight * Self.dayWeight + 1
        profile = smoothed()
    }

    /// Hourly means; an hour without values lies on the line between its neighbours, around midnight too.
    private func filledMeans() -> [Double] {
        let occupied = (0..<Self.hourCount).filter { counts[$0] > 0 }
        guard let first = occupied.first, let last = occupied.last else { return sums }
        var means = sums
        for hour in 0..<Self.hourCount {
            let before = occupied.last { $0 <= hour } ?? last - Self.hourCount
            let after = occupied.first { $0 >= hour } ?? first + Self.hourCount
            let low = mean(of: (before + Self.hourCount) % Self.hourCount)
            let high = mean(of: after % Self.hourCount)
            let share = after > before ? Double(hour - before) / Double(after - before) : 0
            means[hour] = low + (high - low) * share
        }
        return means
    }

    private func mean(of hour: Int) -> Double { sums[hour] / counts[hour] }

    private func smoothed() -> [Double] {
        let scale = 2 / Double(Self.hourCount)
        let noisePower = 2 * scale * noise / (weight * weight)
        var result = Array(repeating: 0.0, count: Self.hourCount)
        for harmonic in 1..<Self.hourCount / 2 {
            var (cosine, sine) = (0.0, 0.0)
            for hour in 0..<Self.hourCount {
                let angle = Self.angle(harmonic, hour)
                cosine += scale * merged[hour] / weight * cos(angle)
                sine += scale * merged[hour] / weight * sin(angle)
            }
            let power = cosine * cosine + sine * sine
            guard power > Self.powerMin * noisePower else { continue }
            let gain = 1 - noisePower / power
            for hour in 0..<Self.hourCount {
                let angle = Self.angle(harmonic, hour)
                result[hour] += gain * (cosine * cos(angle) + sine * sin(angle))
            }
        }
        return result
    }

    private static func angle(_ harmonic: Int, _ hour: Int) -> Double {
        2 * .pi * Double(harmonic * hour % hourCount) / Double(hourCount)
    }
}
