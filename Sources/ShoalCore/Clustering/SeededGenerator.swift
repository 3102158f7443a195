/// A small generator for seeding and sampling: the same seed gives the same numbers in every build.
///
/// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, section 5
/// (constants of the reference implementation by Vigna). The draws below are spelled out, because the
/// standard library may change how it turns bits into numbers.
package struct SeededGenerator: RandomNumberGenerator, Equatable, Sendable {
    private(set) var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Draws evenly from the open interval 0…1; neither end ever occurs, so its logarithm is finite.
    package mutating func nextUnit() -> Double {
        (Double(next() >> 11) + 0.5) * 0x1p-53
    }

    /// Draws evenly from `0 ..< bound` by multiply-shift (Lemire 2019, without the rejection step: the bias
    /// is below `bound` · 2⁻⁶⁴).
    ///
    /// - Precondition: `bound` is positive.
    package mutating func nextIndex(below bound: Int) -> Int {
        precondition(bound > 0, "An index is drawn from a range that is not empty.")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
