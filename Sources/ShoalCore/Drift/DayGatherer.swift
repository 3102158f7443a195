/// Gathers the values of a day by hour.
struct DayGatherer: Equatable, Sendable {
    private static let hourCount = DayShape.hourCount
    /// Fewer hours with values than these say nothing about the others, so the shape is flat.
    private static let hoursMin = 6
    /// Least coverage of a day from its first to its last value.
    private static let coverageMin = 22 * DayShape.hourMilliseconds

    private var sums = Array(repeating: 0.0, count: hourCount)
    private var counts = Array(repeating: 0.0, count: hourCount)
    private var squaredSteps = 0.0
    private var stepCount = 0.0
    private var previous: Double?
    private(set) var start: Int64 = 0
    private(set) var newest: Int64 = 0

    /// Whether there are values from a whole day.
    var isWhole: Bool { previous != nil && newest - start >= Self.coverageMin }

    var isEmpty: Bool { previous == nil }

    mutating func note(_ value: Double, at time: Int64) {
        if let previous {
            squaredSteps += (value - previous) * (value - previous)
            stepCount += 1
        } else {
            start = time
        }
        previous = value
        newest = time
        let hour = Int(time / DayShape.hourMilliseconds % Int64(Self.hourCount))
        sums[hour] += value
        counts[hour] += 1
    }

    mutating func removeAll() { self = DayGatherer() }

    /// The mean of the hours and their deviations from it; `nil` if there are values of too few hours.
    func summary() -> (mean: Double, shape: DayShape)? {
        let occupied = counts.count { $0 > 0 }
        guard occupied >= Self.hoursMin else { return nil }
        let means = filledMeans()
        let mean = means.reduce(0, +) / Double(Self.hourCount)
        // Half the mean squared step is the variance of a value, whatever the level does in between.
        let variance = stepCount > 0 ? squaredSteps / stepCount / 2 : 0
        var inverse = 0.0
        for count in counts where count > 0 { inverse += 1 / count }
        let noise = variance * inverse / Double(occupied)
        return (mean, DayShape(deviations: means.map { $0 - mean }, noise: noise))
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
}
