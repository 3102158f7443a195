/// What one day, or the mean of several, says of a season: how far hours are from the day's mean.
struct DayShape: Equatable, Sendable {
    static let hourCount = 24
    static let hourMilliseconds: Int64 = 3_600_000

    /// By hour of day, UTC.
    var deviations: [Double]
    /// Variance of each that comes from noise.
    var noise: Double

    static let flat = DayShape(deviations: Array(repeating: 0, count: hourCount), noise: 0)

    /// This one times `share` and the other times the rest, as independent estimates.
    func mixed(with other: DayShape, share: Double) -> DayShape {
        let rest = 1 - share
        return DayShape(
            deviations: zip(deviations, other.deviations).map { $0 * share + $1 * rest },
            noise: noise * share * share + other.noise * rest * rest)
    }
}
