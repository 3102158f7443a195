/// A feature's definition; durations are in milliseconds.
package struct ReferenceFeature: Sendable {
    package enum Kind: Sendable {
        case count(ReferenceFilter, halfLife: Int64)
        case sum(of: String, ReferenceFilter, minus: [String] = [], halfLife: Int64)
        case mean(of: String, ReferenceFilter, halfLife: Int64)
        case ratio(
            of: ReferenceFilter, to: ReferenceFilter, prior: Prior = .value(0), priorWeight: Double = 1,
            halfLife: Int64)
        case share(
            of: ReferenceFilter, among: ReferenceFilter = [:], prior: Prior = .value(0),
            priorWeight: Double = 1, halfLife: Int64)
        case since(ReferenceFilter, cap: Int64)
        case gap(ReferenceFilter, halfLife: Int64)
        case trend(of: ReferenceFilter, short: Int64, long: Int64)
        case distinct(of: String, ReferenceFilter = [:])
        case last(of: String, ReferenceFilter = [:])
    }

    package enum Prior: Sendable {
        case value(Double)
        /// Σa/Σb over the population, told at evaluation.
        case population
    }

    package enum Transform: Sendable {
        case none, log1p, sqrt, asinh
    }

    package var name: String
    package var kind: Kind
    package var transform: Transform
    package var clip: ClosedRange<Double>?

    package init(
        _ name: String, _ kind: Kind, transform: Transform = .none, clip: ClosedRange<Double>? = nil
    ) {
        self.name = name
        self.kind = kind
        self.transform = transform
        self.clip = clip
    }
}
