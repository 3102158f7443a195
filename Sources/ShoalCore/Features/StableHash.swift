/// FNV-1a, 64 bits: the same everywhere and for ever, so it may be stored.
///
/// Fowler, Noll & Vo, draft-eastlake-fnv. It guards against mistakes, not against malice: ids in tables are
/// hashed with a secret key (`KeyHash`).
package struct StableHash {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    package mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    /// Spreads `word` over all bits (the finaliser of SplitMix64; Steele, Lea & Flood, OOPSLA 2014).
    @inline(__always)
    package static func mix(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A stable hash of lent bytes, eight at a time.
    @inline(__always)
    package static func of(_ bytes: LentBytes) -> UInt64 {
        var hash: UInt64 = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: bytes.count)
        var offset = 0
        while bytes.count - offset >= 8 {
            hash = mix(hash ^ bytes.word(at: offset, count: 8)) &+ 0x9e37_79b9_7f4a_7c15
            offset += 8
        }
        if offset < bytes.count {
            hash = mix(hash ^ bytes.word(at: offset, count: bytes.count - offset)) &+ 0x9e37_79b9_7f4a_7c15
        }
        return mix(hash)
    }
}
