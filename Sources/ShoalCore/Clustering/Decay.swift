internal import Glibc

/// Forgetting in stream time: after one half-life a vector weighs half.
package enum Decay {
    /// What weight is left after some time: 2^(−elapsed / half-life).
    ///
    /// - Parameters:
    ///   - elapsed: Milliseconds of stream time; time never runs backwards, so less than 0 counts as 0.
    ///   - halfLife: Milliseconds; 0 or less means that nothing is forgotten.
    /// - Returns: 0…1.
    package static func factor(elapsed: Double, halfLife: Int64) -> Double {
        guard elapsed > 0, halfLife > 0 else { return 1 }
        return exp2(-elapsed / Double(halfLife))
    }
}
