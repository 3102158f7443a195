internal import CSimdJSON

/// The checksum of what Shoal writes for itself: CRC-32C (Castagnoli), as in iSCSI, RFC 3720 appendix B.4.
///
/// It detects every change of up to 32 neighbouring bits, and so every damaged byte. It is no defence against
/// someone who means harm. The processor's own instruction computes it where there is one; elsewhere eight
/// bytes at a time by eight tables ("slicing by 8"; Kounavis & Berry, "A Systematic Approach to Building High
/// Performance Software-Based CRC Generators", ISCC 2005).
package struct CRC32C: Sendable {
    private static let wordBytes = 8

    /// Table t has the remainder of a byte that t further bytes follow; the first is that of the reflected
    /// polynomial 0x1EDC6F41.
    private static let tables: FrozenArray<UInt32> = {
        var tables: [UInt32] = (0..<256).map { byte in
            (0..<8).reduce(UInt32(byte)) { remainder, _ in
                remainder & 1 == 1 ? (remainder >> 1) ^ 0x82F6_3B78 : remainder >> 1
            }
        }
        for index in 256..<256 * wordBytes {
            let before = tables[index - 256]
            tables.append(tables[Int(before & 0xff)] ^ (before >> 8))
        }
        return FrozenArray(tables)
    }()

    private let tables = Self.tables
    private var remainder = UInt32.max

    /// The checksum of nothing yet.
    package init() {}

    /// Of all bytes so far.
    package var value: UInt32 { ~remainder }

    /// Goes on with more bytes.
    package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        if unsafe shoal_crc32c(&remainder, start, bytes.count) == 0 { unsafe combineByTables(bytes) }
    }

    /// Goes on with more bytes where the processor has no instruction for it.
    mutating func combineByTables(_ bytes: UnsafeRawBufferPointer) {
        var remainder = remainder
        var position = 0
        while bytes.count - position >= Self.wordBytes {
            let word =
                UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                ^ UInt64(remainder)
            remainder = 0
            for byte in 0..<Self.wordBytes {
                remainder ^= tables[256 * (7 - byte) + Int(truncatingIfNeeded: word >> (8 * byte)) & 0xff]
            }
            position += Self.wordBytes
        }
        while position < bytes.count {
            remainder =
                unsafe tables[Int(UInt8(truncatingIfNeeded: remainder) ^ bytes[position])]
                ^ (remainder >> 8)
            position += 1
        }
        self.remainder = remainder
    }

    /// Computes the checksum of some bytes.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var checksum = CRC32C()
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable {
            unsafe checksum.combine(UnsafeRawBufferPointer($0))
        }
        if isContiguous == nil { unsafe Array(bytes).withUnsafeBytes { unsafe checksum.combine($0) } }
        return checksum.value
    }
}
