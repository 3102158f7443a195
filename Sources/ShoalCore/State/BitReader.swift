/// Reads what a `BitWriter` has written; the bytes may be anything.
@safe struct BitReader {
    // Lent by `PackedInput`, which has eight bytes more than those that count.
    private let start: UnsafeRawPointer
    /// Of the bytes that count.
    private let bitCount: Int
    private var position = 0

    init(_ start: UnsafeRawPointer, byteCount: Int) {
        unsafe self.start = start
        bitCount = 8 * byteCount
    }

    /// The bits that come next, the first of them the lowest; at least 57 of them mean something.
    @inline(__always)
    var window: UInt64 {
        // Safe: the position is never beyond the end, behind which there are eight bytes.
        UInt64(littleEndian: unsafe start.loadUnaligned(fromByteOffset: position &>> 3, as: UInt64.self))
            &>> UInt64(truncatingIfNeeded: position & 7)
    }

    /// Passes over bits.
    ///
    /// - Returns: whether there were as many; if not, nothing is passed over.
    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        guard position &+ count <= bitCount else { return false }
        position &+= count
        return true
    }

    /// Bytes that were begun.
    var byteCount: Int { (position + 7) / 8 }
}
