internal import Glibc

extension FeatureDefinition {
    /// The value before `transform`, for reading centroids and means in the feature's own unit.
    ///
    /// Of a mean of transformed values this is a typical value, not the mean: after `log1p` a geometric one.
    ///
    /// - Parameter value: after `transform`; `log1p` and `sqrt` never give less than 0.
    /// - Returns: finite for every finite argument that a model can hold.
    package func untransformed(_ value: Double) -> Double {
        switch transform {
        case .none: value
        case .log1p: expm1(min(max(value, 0), Self.exponentMax))
        case .sqrt: value > 0 ? value * value : 0
        case .asinh: sinh(min(max(value, -Self.exponentMax), Self.exponentMax))
        }
    }

    /// exp overflows beyond 709; values of events end at 1e12, whose logarithm is 28.
    private static let exponentMax = 700.0
}
