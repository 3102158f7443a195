/// Draws from the standard normal distribution by interpolating a table of its quantiles.
///
/// One random number and one multiplication per draw; the tails end at about ±3.3, as no price needs them.
struct NormalQuantiles: Sendable {
    private static let count = 1_024
    private let quantiles: [Double]  // [count], Φ⁻¹((index + ½) / count), ascending.

    init() {
        quantiles = (0..<Self.count).map { index in
            Self.quantile((Double(index) + 0.5) / Double(Self.count))
        }
    }

    func draw(using generator: inout Xoshiro256) -> Double {
        let position = generator.unit() * Double(Self.count - 1)
        let index = Int(position)
        let low = quantiles[index]
        return low + (quantiles[index + 1] - low) * (position - Double(index))
    }

    /// Φ⁻¹ by Acklam's rational approximation (2003), relative error below 1.2e-9.
    private static func quantile(_ probability: Double) -> Double {
        if probability > 0.5 { return -quantile(1 - probability) }
        if probability < 0.024_25 {
            let q = (-2 * PortableMath.logarithm(probability)).squareRoot()
            let numerator = polynomial(
                [
                    -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838,
                    -2.549732539343734, 4.374664141464968, 2.938163982698783,
                ], q)
            let denominator = polynomial(
                [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1], q)
            return numerator / denominator
        }
        let q = probability - 0.5
        let numerator = polynomial(
            [
                -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
                1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239,
            ], q * q)
        let denominator = polynomial(
            [
                -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                6.680131188771972e+01, -1.328068155288572e+01, 1,
            ], q * q)
        return numerator * q / denominator
    }

    private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
        coefficients.reduce(0) { sum, coefficient in sum * x + coefficient }
    }
}
