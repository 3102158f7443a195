internal import Glibc

extension FeaturePlan {
    /// How far a feature may lie from its long-run value because the customer has acted only so often.
    ///
    /// Shares are taken for binomial draws seen through a beta prior of the configured weight, counts for
    /// Poisson draws, with the decayed evidence as sample size; means for draws that spread as much as
    /// customers differ. Transforms are linearised (Oehlert, "A note on the delta method", The American
    /// Statistician 46, 1992). Times since an event, newest values and numbers of distinct values are what
    /// they are. What is not known well can thus not move anybody, and fading evidence moves them ever less.
    ///
    /// - Parameters:
    ///   - feature: `0 ..< d`.
    ///   - row: the profile.
    ///   - moment: τ, epoch milliseconds.
    ///   - value: the feature there, after transform.
    ///   - spread: σ of the feature over customers, after transform.
    /// - Returns: the variance after transform, not negative.
    func samplingVariance(
        of feature: Int, _ row: ProfileRow, at moment: Int64, value: Double, spread: Double
    ) -> Double {
        let age = row.newestMilliseconds == .min ? 0 : max(0, moment - row.newestMilliseconds)
        switch recipes[feature] {
        case .ratio(let numerator, let denominator, _, let weight):
            let part = faded(numerator, row, age)
            let whole = faded(denominator, row, age)
            let below = whole + max(weight, 1)
            let ratio = (part + 1) / (below + 1)
            // A part of the whole spreads like p(1 − p); a ratio of two kinds of event like r(1 + r).
            let isPart = Self.isShare(definitions[feature].kind)
            let raw = max(0, isPart ? ratio * (1 - ratio) : ratio * (1 + ratio)) / (below + 1)
            return raw * squaredSlope(feature, value)
        case .mean(_, let count):
            return spread * spread / (1 + faded(count, row, age))
        case .value(let slot):
            guard case .count = definitions[feature].kind else { return spread * spread / 4 }
            return max(0, faded(slot, row, age)) / 2 * squaredSlope(feature, value)
        case .trend(let short, _, let shortHours, _):
            let recent = faded(short, row, age)
            let share = recent / (recent + shortHours * 1e-3)
            return recent > 0 ? share * share / (recent * Self.squaredLogarithmOfTwo) : 0
        case .since, .distinct, .last:
            return 0
        }
    }

    /// (ln 2)², as a trend is a logarithm to base 2.
    private static let squaredLogarithmOfTwo = 0.480_453

    private static func isShare(_ kind: FeatureDefinition.Kind) -> Bool {
        if case .share = kind { true } else { false }
    }

    /// (d transform / d raw)² where the transform has this value.
    private func squaredSlope(_ feature: Int, _ value: Double) -> Double {
        switch finishes[feature].transform {
        case .none: 1
        case .log1p: exp(-2 * value)
        case .sqrt: 1 / max(4 * value * value, 0.04)
        case .asinh: 1 / (1 + sinh(value) * sinh(value))
        }
    }
}
