/// The checksum of what Shoal writes for itself: CRC-32C (Castagnoli), as in iSCSI, RFC 3720 appendix B.4.
///
/// It detects every change of up to 32 neighbouring bits, and so every damaged byte. It is no defence against
/// someone who means harm.
package enum CRC32C {
    /// The reflected polynomial 0x1EDC6F41, one entry per byte value.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 1 ? (remainder >> 1) ^ 0x82F6_3B78 : remainder >> 1
        }
    }

    /// Computes the checksum of some bytes.
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        let table = table
        var remainder = UInt32.max
        for byte in bytes {
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8)
        }
        return ~remainder
    }
}
