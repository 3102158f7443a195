/// Writes forward into room that an `OutputBuffer` has reserved for it.
///
/// As a local value it lives in registers, where each append to the buffer itself loads and stores its
/// fields, and may move the block.
@safe struct OutputCursor {
    /// Bytes that one number or time can take.
    static let numberBytesMax = 32

    private let start: UnsafeMutablePointer<UInt8>
    // Within the room, whose end every write is checked against.
    private var next: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>

    @inline(__always)
    init(start: UnsafeMutablePointer<UInt8>, room: Int) {
        unsafe self.start = start
        unsafe next = start
        unsafe end = start + room
    }

    /// Bytes written so far.
    @inline(__always)
    var count: Int { unsafe next - start }

    @inline(__always)
    private mutating func advance(_ count: Int) {
        unsafe precondition(count >= 0 && count <= end - next, "The room is as large as what is written.")
        unsafe next += count
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        let place = unsafe next
        advance(1)
        unsafe place.pointee = byte
    }

    @inline(__always)
    mutating func append(_ text: StaticString) {
        let place = unsafe next
        advance(text.utf8CodeUnitCount)
        unsafe place.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    @inline(__always)
    mutating func append(_ bytes: LentBytes) {
        let place = unsafe next
        advance(bytes.count)
        unsafe bytes.copy(to: UnsafeMutableRawPointer(place))
    }

    /// Writes a value as it lies in memory, aligned or not.
    @inline(__always)
    mutating func append<Value: BitwiseCopyable>(raw value: Value) {
        let place = unsafe next
        advance(MemoryLayout<Value>.size)
        unsafe UnsafeMutableRawPointer(place).storeBytes(of: value, as: Value.self)
    }

    /// Writes a text that is most often short: a copy of fixed length takes a tenth of one of any length.
    @inline(__always)
    mutating func append(_ text: ShortText) {
        let count = text.bytes.count
        guard count <= ShortText.paddedBytes, unsafe end - next >= ShortText.paddedBytes,
            let source = unsafe text.bytes.start
        else { return append(text.bytes) }
        unsafe UnsafeMutableRawPointer(next).copyMemory(from: source, byteCount: ShortText.paddedBytes)
        advance(count)
    }

    /// Writes again what was written before at `range`.
    @inline(__always)
    mutating func append(copyOf range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let place = unsafe next
        advance(range.count)
        unsafe place.update(from: start + range.lowerBound, count: range.count)
    }

    /// Copies what was written at `range` to memory that has room for it.
    @inline(__always)
    func copy(_ range: Range<Int>, to target: UnsafeMutablePointer<UInt8>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        unsafe target.update(from: start + range.lowerBound, count: range.count)
    }

    // MARK: JSON

    /// Room that `appendEscaped` takes for so many bytes, at most.
    @inline(__always)
    static func escapedBytesMax(_ count: Int) -> Int { 6 * count }

    /// Writes bytes as the inside of a JSON string: quotes, backslashes and control characters escaped.
    @inline(__always)
    mutating func appendEscaped(_ bytes: LentBytes) {
        if Self.needsEscape(bytes) { appendWithEscapes(bytes) } else { append(bytes) }
    }

    private static func needsEscape(_ bytes: LentBytes) -> Bool {
        var found = false
        for index in 0..<bytes.count where mustEscape(unsafe bytes.buffer[index]) { found = true }
        return found
    }

    private mutating func appendWithEscapes(_ bytes: LentBytes) {
        for index in 0..<bytes.count {
            let byte = unsafe bytes.buffer[index]
            if !Self.mustEscape(byte) {
                append(byte)
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                append(UInt8(ascii: "\\"))
                append(byte)
            } else {
                append("\\u00")
                append(Self.hexadecimalDigit(byte >> 4))
                append(Self.hexadecimalDigit(byte & 15))
            }
        }
    }

    @inline(__always)
    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    // MARK: Numbers

    @inline(__always)
    mutating func append(integer value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(digits: value.magnitude)
    }

    @inline(__always)
    private mutating func append(digits value: UInt64) {
        if value < 10 { return append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)) }
        appendMany(digits: value)
    }

    private mutating func appendMany(digits value: UInt64) {
        var count = 2
        // Of at most 20 digits; beyond the last bound, which fits, none is looked at.
        var bound: UInt64 = 100
        while count < 20, value >= bound {
            count += 1
            bound &*= 10
        }
        var place = unsafe next + count
        advance(count)
        var rest = value
        while rest >= 10 {
            let (above, pair) = rest.quotientAndRemainder(dividingBy: 100)
            unsafe place -= 2
            unsafe place.update(from: Self.digits(Int(truncatingIfNeeded: pair)), count: 2)
            rest = above
        }
        if rest > 0 {
            unsafe place -= 1
            unsafe place.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
        }
    }

    /// The two digits of a number below 100.
    @inline(__always)
    private static func digits(_ value: Int) -> UnsafePointer<UInt8> {
        let digits: StaticString = """
            00010203040506070809101112131415161718192021222324252627282930313233343536373839\
            40414243444546474849505152535455565758596061626364656667686970717273747576777879\
            8081828384858687888990919293949596979899
            """
        return unsafe digits.utf8Start + 2 * value
    }

    /// Two digits.
    ///
    /// - Precondition: `value` is from 0 to 99.
    @inline(__always)
    private mutating func append(pair value: Int) {
        precondition(value >= 0 && value < 100)
        let place = unsafe next
        advance(2)
        unsafe place.update(from: Self.digits(value), count: 2)
    }

    /// Writes a number rounded to four decimals, without trailing zeros.
    ///
    /// Four decimals say all that a reader of distances and feature values can use, and cost a tenth of the
    /// shortest exact form.
    @inline(__always)
    mutating func append(rounded value: Double) {
        // Beyond 2^53 / 10^4 the product is no longer exact; the plain description is.
        guard value.magnitude < 9e11 else { return append(exact: value) }
        let scaled = Int64(value.magnitude * 10_000 + 0.5)
        if value < 0, scaled != 0 { append(UInt8(ascii: "-")) }
        let whole = scaled / 10_000
        append(digits: UInt64(truncatingIfNeeded: whole))
        append(fraction: Int(scaled - whole * 10_000))
    }

    /// Ten-thousandths.
    @inline(__always)
    private mutating func append(fraction: Int) {
        if fraction == 0 { return }
        append(UInt8(ascii: "."))
        append(pair: fraction / 100)
        if fraction % 100 != 0 { append(pair: fraction % 100) }
        if unsafe (next - 1).pointee == UInt8(ascii: "0") { unsafe next -= 1 }
    }

    private mutating func append(exact value: Double) {
        for byte in (value.isFinite ? value.description : "null").utf8 { append(byte) }
    }

    /// Writes epoch milliseconds as `2026-01-05T12:00:05.123Z`.
    mutating func append(time milliseconds: Int64) {
        let time = CivilTime(milliseconds: milliseconds)
        append(pair: time.year / 100)
        append(pair: time.year % 100)
        append(UInt8(ascii: "-"))
        append(pair: time.month)
        append(UInt8(ascii: "-"))
        append(pair: time.day)
        append(UInt8(ascii: "T"))
        append(pair: time.hour)
        append(UInt8(ascii: ":"))
        append(pair: time.minute)
        append(UInt8(ascii: ":"))
        append(pair: time.second)
        append(UInt8(ascii: "."))
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: time.millisecond / 100))
        append(pair: time.millisecond % 100)
        append(UInt8(ascii: "Z"))
    }
}
