/// Writes columns of a group, each in few bytes.
///
/// - Bytes are the symbols of a `SymbolCode`.
/// - Of a Float32, sign and exponent are the symbol, and the other 23 bits follow its code as they are:
///   customers are alike in magnitude, not in digits. Zero, what nothing has touched, is a symbol of its
///   own, 0; the others are one more than the upper nine bits.
/// - Of a time's `TimeCode` the number of bits is the symbol, and those below the highest follow (as in
///   Elias, "Universal Codeword Sets and Representations of the Integers", IEEE Trans. Inf. Theory 1975). A
///   byte comes first: 0 if all are the same, which follows, else 1.
///
/// A column with too many symbols follows as it is.
@safe struct ColumnWriter: ~Copyable {
    static let mantissaBits = 23

    let space: PackingSpace
    var output: PackedOutput
    private var code = SymbolCode()

    init(stride: Int) {
        space = PackingSpace(stride: stride)
        output = PackedOutput(
            capacity: RowUnpacker.bytesMax(rowCount: PackingSpace.rowsMax, stride: stride))
    }

    /// Appends the bytes that are in the space's `symbols`.
    mutating func appendBytes(_ count: Int) {
        let symbols = unsafe space.symbols
        guard unsafe code.decide(symbols, count: count, symbolBytes: 1, to: &output) else {
            let target = unsafe output.extend(count)
            for index in 0..<count {
                unsafe target.storeBytes(
                    of: UInt8(truncatingIfNeeded: symbols[index]), toByteOffset: index, as: UInt8.self)
            }
            return
        }
        if code.bitCount == 0 { return }
        output.appendBits(max: code.bitCount) { writer in
            for index in 0..<count {
                let (bits, length) = unsafe code.code(symbols[index])
                writer.append(bits, count: length)
            }
        }
    }

    /// Appends numbers, given their bits.
    mutating func appendNumbers(_ words: UnsafePointer<UInt32>, _ count: Int) {
        let symbols = unsafe space.symbols
        for index in 0..<count {
            let word = unsafe words[index]
            let symbol = UInt16(truncatingIfNeeded: word &>> UInt32(Self.mantissaBits)) &+ 1
            unsafe symbols[index] = word == 0 ? 0 : symbol
        }
        guard unsafe code.decide(symbols, count: count, symbolBytes: 2, to: &output) else {
            let target = unsafe output.extend(4 * count)
            for index in 0..<count {
                unsafe target.storeBytes(
                    of: words[index].littleEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
            return
        }
        output.appendBits(max: code.bitCount + Self.mantissaBits * count) { writer in
            for index in 0..<count {
                let (bits, length) = unsafe code.code(symbols[index])
                let more: UInt64 = unsafe symbols[index] == 0 ? 0 : UInt64(Self.mantissaBits)
                let mantissa = unsafe UInt64(words[index]) & (1 &<< UInt64(Self.mantissaBits) &- 1)
                writer.append(bits | mantissa &<< length, count: length &+ more)
            }
        }
    }

    /// Appends the codes that are in the space's `times`.
    mutating func appendTimes(_ count: Int) {
        let (times, symbols) = unsafe (space.times, space.symbols)
        let first = unsafe times[0]
        var difference: UInt64 = 0
        for index in 0..<count { difference |= unsafe times[index] ^ first }
        output.append(difference == 0 ? 0 : 1)
        if difference == 0 {
            unsafe output.extend(8).storeBytes(of: first.littleEndian, as: UInt64.self)
            return
        }
        var extraBits = 0
        for index in 0..<count {
            let width = UInt64.bitWidth - (unsafe times[index]).leadingZeroBitCount
            unsafe symbols[index] = UInt16(truncatingIfNeeded: width)
            extraBits += max(0, width - 1)
        }
        guard unsafe code.decide(symbols, count: count, symbolBytes: 1, to: &output) else {
            let target = unsafe output.extend(8 * count)
            for index in 0..<count {
                unsafe target.storeBytes(
                    of: times[index].littleEndian, toByteOffset: 8 * index, as: UInt64.self)
            }
            return
        }
        output.appendBits(max: code.bitCount + extraBits) { writer in
            for index in 0..<count {
                let (bits, length) = unsafe code.code(symbols[index])
                let extra = unsafe UInt64(symbols[index] > 1 ? symbols[index] &- 1 : 0)
                let time = unsafe times[index] & (1 &<< extra &- 1)
                let lower = min(extra, 32)
                writer.append(bits | (time & 0xffff_ffff) &<< length, count: length &+ lower)
                if extra > 32 { writer.append(time &>> 32, count: extra &- 32) }
            }
        }
    }
}
