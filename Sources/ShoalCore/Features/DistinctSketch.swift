internal import Glibc

/// An estimate of how many distinct values a customer has shown, in 16 bytes.
///
/// Linear counting (Whang, Vander-Zanden & Taylor, TODS 1990): each value sets one of 128 bits; with z bits
/// still clear the estimate is 128·ln(128/z). At 300 values the standard error is 10 %; with no bit clear it
/// says 128·ln(256) ≈ 710. It does not fade, and the order of values does not matter.
struct DistinctSketch {
    private static let bits = 128

    var low: UInt64 = 0
    var high: UInt64 = 0

    /// Remembers a value by its stable hash.
    @inline(__always)
    mutating func insert(_ hash: UInt64) {
        let bit = UInt64(1) << (hash & 63)
        if hash & 64 == 0 { low |= bit } else { high |= bit }
    }

    var estimate: Double {
        let clear = Self.bits - low.nonzeroBitCount - high.nonzeroBitCount
        return clear == Self.bits ? 0 : 128 * log(128 / max(Double(clear), 0.5))
    }

    /// The hash of a field's value, or `nil` if it is absent.
    @inline(__always)
    static func hash(_ value: FieldValue) -> UInt64? {
        switch value.kind {
        case .absent: nil
        case .text: value.text.isEmpty ? nil : StableHash.of(value.text)
        case .integer: StableHash.mix(UInt64(bitPattern: value.integerValue))
        case .real, .boolean: StableHash.mix((value.number ?? 0).bitPattern)
        }
    }
}
