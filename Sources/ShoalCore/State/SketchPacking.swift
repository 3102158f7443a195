/// Sketches of distinct values: 128 bits of which most customers have set few.
///
/// A column of bytes says how many bits each has set; then follow, row by row, the zeros before each of
/// them in a `RiceCode` whose k is the binary logarithm of the zeros' mean number, rounded down, which is
/// within a hundredth of the best (Kiely, "Selecting the Golomb Parameter in Rice Coding", IPN Progress
/// Report 42-159, 2004). However many bits are set, that takes no more than the 128.
enum SketchPacking {
    private static let bitCount = 128
    /// A gap may be 127, and with a k of 0 its code 128 bits long: so many zeros are written at once.
    private static let zerosMax = 48

    /// - Parameters:
    ///   - source: the first row's sketch.
    ///   - count: of rows.
    ///   - stride: from one row to the next.
    ///   - columns: gets the sketches.
    static func append(
        _ source: UnsafeRawPointer, _ count: Int, stride: Int, to columns: inout ColumnWriter
    ) {
        let counts = unsafe columns.space.symbols
        for row in 0..<count {
            let bits = unsafe sketch(source + row * stride)
            unsafe counts[row] = UInt16(
                truncatingIfNeeded: bits.low.nonzeroBitCount &+ bits.high.nonzeroBitCount)
        }
        columns.appendBytes(count)
        columns.output.appendBits(max: count * bitCount) { writer in
            for row in 0..<count {
                let bits = unsafe sketch(source + row * stride)
                let k = unsafe k(Int(counts[row]))
                let next = appendGaps(bits.low, from: 0, place: 0, k, to: &writer)
                _ = appendGaps(bits.high, from: next, place: 64, k, to: &writer)
            }
        }
    }

    private static func sketch(_ source: UnsafeRawPointer) -> (low: UInt64, high: UInt64) {
        (
            UInt64(littleEndian: unsafe source.loadUnaligned(as: UInt64.self)),
            UInt64(littleEndian: unsafe source.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// The k for the gaps of a sketch with so many bits.
    @inline(__always)
    private static func k(_ count: Int) -> Int {
        let mean = UInt32(truncatingIfNeeded: (bitCount &- count) / (count &+ 1))
        return UInt32.bitWidth &- 1 &- (mean | 1).leadingZeroBitCount
    }

    /// Appends the gaps before the bits of one half.
    ///
    /// - Parameters:
    ///   - half: its bits.
    ///   - first: of the places that no gap has covered.
    ///   - place: of the half's lowest bit.
    ///   - k: of the code.
    ///   - writer: gets the gaps.
    /// - Returns: the first place after the last bit.
    @inline(__always)
    private static func appendGaps(
        _ half: UInt64, from first: Int, place: Int, _ k: Int, to writer: inout BitWriter
    ) -> Int {
        var (half, next) = (half, first)
        while half != 0 {
            let bit = place &+ half.trailingZeroBitCount
            let gap = bit &- next
            var zeros = gap &>> k
            while zeros > zerosMax {
                writer.append(0, count: UInt64(zerosMax))
                zeros &-= zerosMax
            }
            let low = UInt64(truncatingIfNeeded: gap & (1 &<< k &- 1))
            writer.append(
                (low &<< 1 | 1) &<< UInt64(zeros), count: UInt64(truncatingIfNeeded: zeros &+ 1 &+ k))
            next = bit &+ 1
            half &= half &- 1
        }
        return next
    }

    /// - Parameters:
    ///   - target: the first row's sketch.
    ///   - count: of rows.
    ///   - stride: from one row to the next.
    ///   - counts: scratch space.
    ///   - columns: has the sketches.
    /// - Throws: `SnapshotError` if it has none.
    static func read(
        into target: UnsafeMutableRawPointer, _ count: Int, stride: Int,
        counts: UnsafeMutablePointer<UInt16>, from columns: inout ColumnReader
    ) throws(SnapshotError) {
        try unsafe columns.readBytes(into: counts, count)
        try columns.input.takeBits { reader in
            for row in 0..<count {
                let own = unsafe target + row * stride
                guard let halves = unsafe readSketch(Int(counts[row]), from: &reader) else { return false }
                unsafe own.storeBytes(of: halves.low.littleEndian, as: UInt64.self)
                unsafe own.storeBytes(of: halves.high.littleEndian, toByteOffset: 8, as: UInt64.self)
            }
            return true
        }
    }

    /// - Returns: `nil` if there is none.
    @inline(__always)
    private static func readSketch(
        _ count: Int, from reader: inout BitReader
    ) -> (low: UInt64, high: UInt64)? {
        var halves: (low: UInt64, high: UInt64) = (0, 0)
        guard count <= bitCount else { return nil }
        let k = k(count)
        var place = -1
        for _ in 0..<count {
            var zeros = 0
            while reader.window & (1 << UInt64(zerosMax) - 1) == 0 {
                guard zeros < bitCount, reader.skip(zerosMax) else { return nil }
                zeros += zerosMax
            }
            let (number, length) = RiceCode.number(reader.window, k)
            place += 1 + zeros << k + number
            guard place < bitCount, reader.skip(length) else { return nil }
            let bit = UInt64(1) &<< UInt64(place & 63)
            if place < 64 { halves.low |= bit } else { halves.high |= bit }
        }
        return halves
    }
}
