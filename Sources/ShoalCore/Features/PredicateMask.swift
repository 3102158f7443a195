/// A set of the plan's predicates, one bit each.
typealias PredicateMask = SIMD2<UInt64>

extension PredicateMask {
    /// How many predicates a plan may have.
    static let bitsMax = 128

    static var everything: PredicateMask { PredicateMask(repeating: .max) }

    @inline(__always)
    func contains(_ bit: Int) -> Bool { self[bit >> 6] & (1 << UInt64(bit & 63)) != 0 }

    mutating func insert(_ bit: Int) { self[bit >> 6] |= 1 << UInt64(bit & 63) }
    mutating func remove(_ bit: Int) { self[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
}
