internal import Glibc

extension FeaturePlan {
    /// ε of a trend, in events per hour: what "no events" counts as.
    private static let trendFloor = 1e-3
    /// With less than this much decayed evidence a mean is 0.
    private static let meanCountMin = 1e-9

    /// Computes a profile's features at a moment.
    ///
    /// - Parameters:
    ///   - row: the profile.
    ///   - moment: τ, epoch milliseconds, not before the profile's newest event.
    ///   - priors: `[d]`, the population's Σa/Σb of each ratio and share; empty before the first model.
    ///   - body: gets each feature's index and raw value, in order.
    @inline(__always)
    func forEachRawFeature(
        of row: ProfileRow, at moment: Int64, priors: [Double], _ body: (Int, Double) -> Void
    ) {
        let age = row.newestMilliseconds == .min ? 0 : max(0, moment - row.newestMilliseconds)
        for index in recipes.indices {
            body(
                index,
                raw(recipes[index], row, age: age, moment: moment, prior: priors.isEmpty ? 0 : priors[index]))
        }
    }

    @inline(__always)
    private func raw(_ recipe: Recipe, _ row: ProfileRow, age: Int64, moment: Int64, prior: Double) -> Double
    {
        switch recipe {
        case .value(let slot):
            return faded(slot, row, age)
        case .mean(let sum, let count):
            let count = faded(count, row, age)
            return count < Self.meanCountMin ? 0 : faded(sum, row, age) / count
        case .ratio(let numerator, let denominator, let configured, let weight):
            let prior = if case .value(let value) = configured { value } else { prior }
            let below = faded(denominator, row, age) + weight
            return below == 0 ? prior : (faded(numerator, row, age) + prior * weight) / below
        case .since(let time, let cap):
            let newest = row[time: time, layout]
            let elapsed = newest == .min ? cap : min(cap, max(0, moment - newest))
            return Double(elapsed) / 3_600_000
        case .trend(let short, let long, let shortHours, let longHours):
            let recent = faded(short, row, age) / shortHours + Self.trendFloor
            return log2(recent / (faded(long, row, age) / longHours + Self.trendFloor))
        case .distinct(let sketch):
            return row[sketch: sketch, layout].estimate
        case .last(let slot):
            return Double(row[accumulator: slot, layout])
        }
    }

    /// An accumulator's value `age` milliseconds after the profile's newest event.
    @inline(__always)
    func faded(_ slot: Int, _ row: ProfileRow, _ age: Int64) -> Double {
        let value = Double(row[accumulator: slot, layout])
        return age == 0 ? value : value * exp2(-Double(age) * fadingRuns[runOfSlot[slot]].rate)
    }

    /// Σa and Σb of a ratio or share at a moment.
    @inline(__always)
    func evidence(of feature: Int, _ row: ProfileRow, at moment: Int64) -> (
        numerator: Double, denominator: Double
    ) {
        guard case .ratio(let numerator, let denominator, _, _) = recipes[feature] else { return (0, 0) }
        let age = max(0, moment - row.newestMilliseconds)
        return (faded(numerator, row, age), faded(denominator, row, age))
    }

    /// Applies the feature's transform and clip.
    @inline(__always)
    func transformed(_ raw: Double, feature: Int) -> Float {
        let finish = finishes[feature]
        let value: Double
        switch finish.transform {
        case .none: value = raw
        case .log1p: value = LogarithmOfOnePlus.of(raw > 0 ? raw : 0)
        case .sqrt: value = raw > 0 ? raw.squareRoot() : 0
        case .asinh: value = asinh(raw)
        }
        return Float(min(max(value, finish.lowest), finish.highest))
    }
}
