/// Numbers of which the small are frequent, in few bits.
///
/// A number is as many zeros as `number >> k` says, a one, then its lowest `k` bits (Rice & Plaunt,
/// "Adaptive Variable-Length Coding for Efficient Compression of Spacecraft Television Data", IEEE Trans.
/// Commun. 1971).
enum RiceCode {
    /// Bits of a number's code.
    @inline(__always)
    static func length(_ number: Int, _ k: Int) -> Int { number >> k + 1 + k }

    /// The bits of a number whose code has at most 56.
    @inline(__always)
    static func bits(_ number: Int, _ k: Int) -> UInt64 {
        let zeros = UInt64(truncatingIfNeeded: number &>> k)
        return (UInt64(truncatingIfNeeded: number & (1 &<< k &- 1)) &<< 1 | 1) &<< zeros
    }

    /// The number whose code a window begins with, and that code's bits.
    ///
    /// Of a window without a one the number is at least `57 << k`.
    @inline(__always)
    static func number(_ window: UInt64, _ k: Int) -> (number: Int, length: Int) {
        let zeros = window.trailingZeroBitCount
        let low = Int(truncatingIfNeeded: window &>> UInt64(zeros &+ 1)) & (1 &<< k &- 1)
        return (zeros &<< k | low, zeros &+ 1 &+ k)
    }
}
