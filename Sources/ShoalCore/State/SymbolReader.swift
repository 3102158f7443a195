/// Reads the codes of a column as `SymbolCode` has written them.
struct SymbolReader {
    private let kind: UInt8
    private let symbolCount: Int
    private var symbols = InlineArray<64, UInt16>(repeating: 0)
    private let width: Int

    /// Reads how a column is told.
    ///
    /// - Returns: `nil` if it follows as it is.
    /// - Throws: `SnapshotError` if it is told in no known way, or with symbols from `alphabetCount` on.
    init?(
        symbolBytes: Int, alphabetCount: Int, from input: inout PackedInput
    ) throws(SnapshotError) {
        kind = try input.byte()
        if kind == SymbolCode.none { return nil }
        symbolCount = Int(try input.byte())
        guard kind <= SymbolCode.fixed, (1...SymbolCode.symbolsMax).contains(symbolCount) else {
            throw .impossible("a column of no kind")
        }
        width = SymbolCode.width(symbolCount)
        for number in 0..<symbolCount {
            var symbol = UInt16(try input.byte())
            if symbolBytes == 2 { symbol |= UInt16(try input.byte()) << 8 }
            guard symbol < alphabetCount else { throw .impossible("a symbol of no kind") }
            symbols[number] = symbol
        }
    }

    /// Reads a column.
    ///
    /// - Parameters:
    ///   - count: of symbols.
    ///   - input: their codes, each followed by as many bits as `body` takes.
    ///   - body: gets index, symbol, and the bits that follow its code, of which at least 32 mean something;
    ///     returns how many of them it takes.
    /// - Throws: `SnapshotError` if these are no such codes.
    @inline(__always)
    func read(
        _ count: Int, from input: inout PackedInput, _ body: (Int, UInt16, UInt64) -> Int
    ) throws(SnapshotError) {
        if kind == SymbolCode.fixed {
            let mask = 1 << width - 1
            let width = width
            try read(count, from: &input, { (Int(truncatingIfNeeded: $0) & mask, width) }, body)
        } else {
            let k = Int(kind)
            try read(count, from: &input, { RiceCode.number($0, k) }, body)
        }
    }

    @inline(__always)
    private func read(
        _ count: Int, from input: inout PackedInput, _ number: (UInt64) -> (number: Int, length: Int),
        _ body: (Int, UInt16, UInt64) -> Int
    ) throws(SnapshotError) {
        try input.takeBits { reader in
            for index in 0..<count {
                let window = reader.window
                let (number, length) = number(window)
                guard number < symbolCount, length <= SymbolCode.lengthMax else { return false }
                let more = body(index, symbols[number], window &>> UInt64(length))
                guard reader.skip(length &+ more) else { return false }
            }
            return true
        }
    }

    /// Reads a column of numbers of up to 64 bits, whose number is the symbol.
    ///
    /// - Throws: `SnapshotError` if these are no such codes.
    func readLong(
        _ count: Int, from input: inout PackedInput, _ body: (Int, UInt64) -> Void
    ) throws(SnapshotError) {
        try input.takeBits { reader in
            for index in 0..<count {
                let (number, length) =
                    kind == SymbolCode.fixed
                    ? (Int(truncatingIfNeeded: reader.window) & (1 << width - 1), width)
                    : RiceCode.number(reader.window, Int(kind))
                guard number < symbolCount, length <= SymbolCode.lengthMax, reader.skip(length) else {
                    return false
                }
                let bits = UInt64(symbols[number])
                var value: UInt64 = bits == 0 ? 0 : 1 &<< (bits &- 1)
                if bits > 1 {
                    let lower = min(bits - 1, 32)
                    value |= reader.window & (1 << lower - 1)
                    guard reader.skip(Int(lower)) else { return false }
                    let upper = bits - 1 - lower
                    value |= (reader.window & (1 << upper - 1)) << 32
                    guard reader.skip(Int(upper)) else { return false }
                }
                body(index, value)
            }
            return true
        }
    }
}
