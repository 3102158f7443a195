internal import Glibc

/// On which scale the values that single events bring to a feature are compared.
package enum InflowScale: Equatable, Sendable, BitwiseCopyable {
    /// Part of the events, 0…1.
    case share
    /// As they are.
    case linear
    /// sign(x)·ln(1 + |x|), so that money is compared by its factor whichever way it flows.
    case logarithmic
    /// sign(x)·√|x|.
    case root

    /// A value in the feature's own units on this scale.
    package func scaled(_ value: Double) -> Double {
        switch self {
        case .share, .linear: value
        case .logarithmic: copysign(log1p(abs(value)), value)
        case .root: copysign(abs(value).squareRoot(), value)
        }
    }

    /// A value on this scale in the feature's own units.
    package func plain(_ value: Double) -> Double {
        switch self {
        case .share, .linear: value
        case .logarithmic: copysign(expm1(min(abs(value), DriftValue.logarithmMax)), value)
        case .root: copysign(value * value, value)
        }
    }
}
