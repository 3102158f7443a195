extension LentBytes {
    /// Up to eight bytes from `offset` as one little-endian word, the missing high bytes 0.
    ///
    /// - Precondition: `count` is 1…8 and `offset + count` does not exceed the number of bytes.
    @inline(__always)
    package func word(at offset: Int, count wordCount: Int) -> UInt64 {
        assert(wordCount > 0 && wordCount <= 8 && offset + wordCount <= count)
        guard let start = unsafe start else { return 0 }
        let source = unsafe UnsafeRawPointer(start + offset)
        if wordCount == 8 { return unsafe source.loadUnaligned(as: UInt64.self) }
        // Two loads that overlap read any length without a loop and without a byte too many.
        if wordCount >= 4 {
            let low = UInt64(unsafe source.loadUnaligned(as: UInt32.self))
            let high = UInt64(unsafe source.loadUnaligned(fromByteOffset: wordCount - 4, as: UInt32.self))
            return low | high << UInt64((wordCount - 4) * 8)
        }
        let first = UInt64(unsafe source.load(as: UInt8.self))
        let middle = UInt64(unsafe source.load(fromByteOffset: wordCount >> 1, as: UInt8.self))
        let last = UInt64(unsafe source.load(fromByteOffset: wordCount - 1, as: UInt8.self))
        return first | middle << UInt64((wordCount >> 1) * 8) | last << UInt64((wordCount - 1) * 8)
    }

    /// The first eight bytes at most, 0 for none.
    @inline(__always)
    package var firstWord: UInt64 { isEmpty ? 0 : word(at: 0, count: min(count, 8)) }
}

extension LentBytes {
    /// Whether both lend the same bytes; the counts are known to be equal.
    @inline(__always)
    func holdsSameBytes(as other: LentBytes) -> Bool {
        var offset = 0
        while count - offset >= 8 {
            if word(at: offset, count: 8) != other.word(at: offset, count: 8) { return false }
            offset += 8
        }
        let rest = count - offset
        return rest == 0 || word(at: offset, count: rest) == other.word(at: offset, count: rest)
    }
}
