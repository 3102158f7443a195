extension FeaturePlan.Recipe {
    func moved(_ position: [Int]) -> Self {
        switch self {
        case .value(let slot): .value(position[slot])
        case .mean(let sum, let count): .mean(sum: position[sum], count: position[count])
        case .ratio(let numerator, let denominator, let prior, let weight):
            .ratio(position[numerator], position[denominator], prior: prior, weight: weight)
        case .trend(let short, let long, let shortHours, let longHours):
            .trend(
                short: position[short], long: position[long], shortHours: shortHours, longHours: longHours)
        case .last(let slot): .last(slot: position[slot])
        case .since, .distinct: self
        }
    }
}

extension FeatureDefinition.Kind {
    /// Whether evidence is blended with the population's ratio.
    package var usesPopulation: Bool {
        switch self {
        case .ratio(_, _, _, .population, _), .share(_, _, _, .population, _): true
        default: false
        }
    }
}
