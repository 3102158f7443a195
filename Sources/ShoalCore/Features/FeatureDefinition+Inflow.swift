extension FeatureDefinition {
    /// How the values that single events bring to the feature are compared; `nil` if a single event brings
    /// none, because the feature measures time between events or tells new values from known ones.
    package var inflowScale: InflowScale? {
        switch kind {
        case .count, .ratio, .share: return .share
        case .since, .gap, .trend, .distinct: return nil
        case .sum, .mean, .last:
            switch transform {
            case .none: return .linear
            case .log1p, .asinh: return .logarithmic
            case .sqrt: return .root
            }
        }
    }
}
