/// A keyed hash of customer ids for the table's index.
///
/// Folded multiplication as in wyhash (Wang Yi, 2019): two 64-bit words are multiplied to 128 bits and the
/// halves xored. The key is secret and new in each process, so that nobody can choose ids that collide;
/// nothing depends on the order it gives.
package struct KeyHash: Sendable {
    private let first: UInt64
    private let second: UInt64

    /// A key that is no secret, for tables that nobody can flood.
    ///
    /// Its halves are the golden ratio's and one of Steele & Vigna's multipliers ("Computationally easy,
    /// spectrally good multipliers", 2021): a key of few bits would leave similar ids side by side.
    package static let known = KeyHash(first: 0x9e37_79b9_7f4a_7c15, second: 0xd134_2543_de82_ef95)

    package init(first: UInt64, second: UInt64) {
        // A zero factor would swallow the other, so both are odd.
        self.first = first | 1
        self.second = second | 1
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inline(__always)
    func callAsFunction(_ key: LentBytes) -> UInt64 {
        var hash = first ^ UInt64(truncatingIfNeeded: key.count)
        var offset = 0
        while key.count - offset > 16 {
            hash = Self.fold(
                key.word(at: offset, count: 8) ^ hash, key.word(at: offset + 8, count: 8) ^ second)
            offset += 16
        }
        let rest = key.count - offset
        let low = rest > 0 ? key.word(at: offset, count: min(rest, 8)) : 0
        let high = rest > 8 ? key.word(at: offset + 8, count: rest - 8) : 0
        hash = Self.fold(low ^ hash, high ^ second)
        return Self.fold(hash ^ first, second)
    }
}
