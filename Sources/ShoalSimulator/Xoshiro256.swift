/// The simulator's source of randomness: the same seed gives the same numbers on every machine.
///
/// xoshiro256** 1.0 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2021), its state
/// filled by SplitMix64 (Steele, Lea & Flood, OOPSLA 2014) as its authors advise.
package struct Xoshiro256: RandomNumberGenerator, Sendable {
    private var state0: UInt64
    private var state1: UInt64
    private var state2: UInt64
    private var state3: UInt64

    /// Starts a sequence; any seed is good, zero included.
    package init(seed: UInt64) {
        var counter = seed
        state0 = Self.splitMix64(&counter)
        state1 = Self.splitMix64(&counter)
        state2 = Self.splitMix64(&counter)
        state3 = Self.splitMix64(&counter)
    }

    /// Starts from a raw state, to compare with published sequences.
    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        (state0, state1, state2, state3) = state
    }

    package mutating func next() -> UInt64 {
        let product = state1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state1 << 17
        state2 ^= state0
        state3 ^= state1
        state1 ^= state2
        state0 ^= state3
        state2 ^= shifted
        state3 = state3 << 45 | state3 >> 19
        return result
    }

    /// A number in `0 ..< bound`, by multiplication instead of division.
    ///
    /// The bias is below `bound` / 2^64, which no sample the simulator can make would show.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
    }

    /// A number in `0 ..< 1` with 53 random bits.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// The upper 32 bits of the next number, to be compared with a `Threshold`.
    mutating func bits32() -> UInt32 {
        UInt32(truncatingIfNeeded: next() >> 32)
    }

    static func splitMix64(_ counter: inout UInt64) -> UInt64 {
        counter &+= 0x9E37_79B9_7F4A_7C15
        var mixed = counter
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
