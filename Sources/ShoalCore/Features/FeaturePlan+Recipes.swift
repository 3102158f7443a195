extension FeaturePlan {
    /// The recipe with its accumulators where sorting by half-life has put them.
    static func moved(_ recipe: Recipe, to position: [Int]) -> Recipe {
        switch recipe {
        case .value(let slot): .value(position[slot])
        case .mean(let sum, let count): .mean(sum: position[sum], count: position[count])
        case .ratio(let numerator, let denominator, let prior, let weight):
            .ratio(position[numerator], position[denominator], prior: prior, weight: weight)
        case .trend(let short, let long, let shortHours, let longHours):
            .trend(
                short: position[short], long: position[long], shortHours: shortHours, longHours: longHours)
        case .last(let slot): .last(slot: position[slot])
        case .since, .distinct: recipe
        }
    }
}
