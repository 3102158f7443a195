extension OutputBuffer {
    /// Writes bytes as the inside of a JSON string: quotes, backslashes and control characters escaped.
    mutating func appendEscaped(_ bytes: LentBytes) {
        var needsEscape = false
        for index in 0..<bytes.count where Self.mustEscape(unsafe bytes.buffer[index]) { needsEscape = true }
        if !needsEscape {
            append(bytes)
            return
        }
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

    /// Text as the inside of a JSON string, for what is written often.
    package static func escaped(_ text: String) -> [UInt8] { escaped(Array(text.utf8)) }

    /// Bytes as the inside of a JSON string.
    package static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        var buffer = OutputBuffer(capacity: 256)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe buffer.appendEscaped(LentBytes(start: bytes.baseAddress, count: bytes.count))
        }
        return buffer.copied(0..<buffer.bytes)
    }

    /// Epoch milliseconds as `append(time:)` writes them.
    package static func timeText(_ milliseconds: Int64) -> String {
        var buffer = OutputBuffer(capacity: 32)
        buffer.append(time: milliseconds)
        return String(decoding: buffer.copied(0..<buffer.bytes), as: UTF8.self)
    }

    @inline(__always)
    mutating func append(integer value: Int64) {
        var rest = value.magnitude
        if value < 0 { append(UInt8(ascii: "-")) }
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var count = 0
        repeat {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            digits[count] = UInt8(ascii: "0") + UInt8(remainder)
            count += 1
            rest = quotient
        } while rest != 0
        while count > 0 {
            count -= 1
            append(digits[count])
        }
    }

    /// Writes a number rounded to four decimals, without trailing zeros.
    ///
    /// Four decimals say all that a reader of distances and feature values can use, and cost a tenth of the
    /// shortest exact form.
    mutating func append(rounded value: Double) {
        // Beyond 2^53 / 10^4 the product is no longer exact; the plain description is.
        guard value.magnitude < 9e11 else {
            append(Array(value.isFinite ? value.description.utf8 : "null".utf8))
            return
        }
        let scaled = Int64((value * 10_000).rounded())
        if scaled < 0 { append(UInt8(ascii: "-")) }
        let (whole, fraction) = scaled.magnitude.quotientAndRemainder(dividingBy: 10_000)
        append(integer: Int64(whole))
        if fraction == 0 { return }
        append(UInt8(ascii: "."))
        var rest = fraction
        var unit: UInt64 = 1_000
        while rest != 0 {
            append(UInt8(ascii: "0") + UInt8(rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    /// Writes epoch milliseconds as `2026-01-05T12:00:05.123Z`.
    mutating func append(time milliseconds: Int64) {
        let time = CivilTime(milliseconds: milliseconds)
        appendDigits(time.year, count: 4)
        append(UInt8(ascii: "-"))
        appendDigits(time.month, count: 2)
        append(UInt8(ascii: "-"))
        appendDigits(time.day, count: 2)
        append(UInt8(ascii: "T"))
        appendDigits(time.hour, count: 2)
        append(UInt8(ascii: ":"))
        appendDigits(time.minute, count: 2)
        append(UInt8(ascii: ":"))
        appendDigits(time.second, count: 2)
        append(UInt8(ascii: "."))
        appendDigits(time.millisecond, count: 3)
        append(UInt8(ascii: "Z"))
    }

    @inline(__always)
    private mutating func appendDigits(_ value: Int, count: Int) {
        var unit = count == 4 ? 1_000 : count == 3 ? 100 : 10
        var rest = value
        while unit > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }
}
