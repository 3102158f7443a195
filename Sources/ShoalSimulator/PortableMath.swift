/// Elementary functions from IEEE additions, products and quotients alone.
///
/// The C library's `exp` and `log` differ in the last bit from one system to the next, and the simulator
/// promises the same bytes for the same seed everywhere.
enum PortableMath {
    private static let naturalLogarithmOfTwo = 0.693_147_180_559_945_3

    /// e^x to about 1e-15 relative; 0 below -700, infinity above 700.
    static func exponential(_ x: Double) -> Double {
        guard x > -700 else { return 0 }
        guard x < 700 else { return .infinity }
        let quotient = x / naturalLogarithmOfTwo
        let exponent = Int(quotient < 0 ? quotient - 0.5 : quotient + 0.5)
        let rest = x - Double(exponent) * naturalLogarithmOfTwo
        // |rest| ≤ 0.347, so that the 14th Taylor term is below 1e-16.
        var sum = 1.0
        for term in stride(from: 13.0, through: 1, by: -1) { sum = 1 + sum * rest / term }
        return Double(sign: .plus, exponent: exponent, significand: sum)
    }

    /// The natural logarithm of a normal positive number, to about 1e-15.
    static func logarithm(_ x: Double) -> Double {
        precondition(x > 0 && x.isNormal, "The logarithm needs a normal positive number.")
        var significand = x.significand
        var exponent = Double(x.exponent)
        if significand > 1.414_213_562_373_095_1 {
            significand /= 2
            exponent += 1
        }
        // 2·artanh(s) with |s| ≤ 0.172: the term in s^23 is below 1e-17.
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for power in stride(from: 21.0, through: 1, by: -2) { sum = sum * square + 1 / power }
        return 2 * ratio * sum + exponent * naturalLogarithmOfTwo
    }

    /// x^y for a normal positive x.
    static func power(_ x: Double, _ y: Double) -> Double {
        exponential(y * logarithm(x))
    }
}
