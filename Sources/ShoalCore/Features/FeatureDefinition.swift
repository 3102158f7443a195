/// One feature as a configuration declares it.
package struct FeatureDefinition: Equatable, Sendable {
    /// What is computed from a customer's events; durations are in milliseconds.
    package enum Kind: Equatable, Sendable {
        case count(FeatureFilter, halfLife: Int64)
        case sum(of: String, FeatureFilter, minus: [String], halfLife: Int64)
        case mean(of: String, FeatureFilter, halfLife: Int64)
        case ratio(of: FeatureFilter, to: FeatureFilter, halfLife: Int64, prior: Prior, priorWeight: Double)
        case share(
            of: FeatureFilter, among: FeatureFilter, halfLife: Int64, prior: Prior, priorWeight: Double)
        case since(FeatureFilter, cap: Int64)
        case gap(FeatureFilter, halfLife: Int64)
        case trend(of: FeatureFilter, short: Int64, long: Int64)
        case distinct(of: String, FeatureFilter)
        case last(of: String, FeatureFilter)

        /// Whether evidence is blended with the population's ratio.
        package var usesPopulation: Bool {
            switch self {
            case .ratio(_, _, _, .population, _), .share(_, _, _, .population, _): true
            default: false
            }
        }
    }

    /// What a ratio or share looks like without evidence.
    package enum Prior: Equatable, Sendable, BitwiseCopyable {
        case value(Double)
        /// The population's Σa/Σb in the model in force, 0 before the first.
        case population
    }

    /// The last step before clustering; of a negative number `log1p` and `sqrt` make 0.
    package enum Transform: String, CaseIterable, Sendable, BitwiseCopyable { case none, log1p, sqrt, asinh }

    package var name: String
    package var kind: Kind
    package var transform: Transform
    package var clip: ClosedRange<Double>?
    /// Multiplies the feature's squared difference in distances; 0 is allowed.
    package var weight: Double
    /// What to call customers with much or little of it in a segment's name; `nil`: derived from `kind`.
    package var words: Words?

    /// Words for the two ends of a feature: `high: big spenders`, `low: small baskets`.
    package struct Words: Equatable, Sendable {
        package var high: String?
        package var low: String?

        package init(high: String?, low: String?) {
            self.high = high
            self.low = low
        }
    }

    package init(
        name: String, kind: Kind, transform: Transform = .none, clip: ClosedRange<Double>? = nil,
        weight: Double = 1, words: Words? = nil
    ) {
        self.name = name
        self.kind = kind
        self.transform = transform
        self.clip = clip
        self.weight = weight
        self.words = words
    }
}
