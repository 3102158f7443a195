/// Reads columns as a `ColumnWriter` has written them; whatever the bytes are, it throws or gives a column.
@safe struct ColumnReader {
    private static let byteCount = 256

    var input: PackedInput

    /// Reads bytes.
    ///
    /// - Throws: `SnapshotError` if these are none.
    mutating func readBytes(into target: UnsafeMutablePointer<UInt16>, _ count: Int) throws(SnapshotError) {
        guard let reader = try SymbolReader(symbolBytes: 1, alphabetCount: Self.byteCount, from: &input)
        else {
            let source = try unsafe input.take(count)
            for index in 0..<count {
                unsafe target[index] = UInt16(source.load(fromByteOffset: index, as: UInt8.self))
            }
            return
        }
        try reader.read(count, from: &input) { index, symbol, _ in
            unsafe target[index] = symbol
            return 0
        }
    }

    /// Reads the bits of numbers.
    ///
    /// - Throws: `SnapshotError` if these are none.
    mutating func readNumbers(into target: UnsafeMutablePointer<UInt32>, _ count: Int) throws(SnapshotError) {
        guard
            let reader = try SymbolReader(
                symbolBytes: 2, alphabetCount: SymbolCode.alphabetCount, from: &input)
        else {
            let source = try unsafe input.take(4 * count)
            for index in 0..<count {
                unsafe target[index] = UInt32(
                    littleEndian: source.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
            }
            return
        }
        let mantissaBits = ColumnWriter.mantissaBits
        let mask: UInt32 = 1 << UInt32(mantissaBits) - 1
        try reader.read(count, from: &input) { index, symbol, bits in
            let upper = UInt32(truncatingIfNeeded: symbol &- 1) &<< UInt32(mantissaBits)
            unsafe target[index] = symbol == 0 ? 0 : upper | UInt32(truncatingIfNeeded: bits) & mask
            return symbol == 0 ? 0 : mantissaBits
        }
    }

    /// Reads the codes of times.
    ///
    /// - Throws: `SnapshotError` if these are none.
    mutating func readTimes(into target: UnsafeMutablePointer<UInt64>, _ count: Int) throws(SnapshotError) {
        let kind = try input.byte()
        guard kind <= 1 else { throw .impossible("times of no kind") }
        if kind == 0 {
            let time = unsafe try input.take(8).loadUnaligned(as: UInt64.self)
            unsafe target.update(repeating: UInt64(littleEndian: time), count: count)
            return
        }
        guard let reader = try SymbolReader(symbolBytes: 1, alphabetCount: UInt64.bitWidth + 1, from: &input)
        else {
            let source = try unsafe input.take(8 * count)
            for index in 0..<count {
                unsafe target[index] = UInt64(
                    littleEndian: source.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
            }
            return
        }
        try reader.readLong(count, from: &input) { unsafe target[$0] = $1 }
    }
}
