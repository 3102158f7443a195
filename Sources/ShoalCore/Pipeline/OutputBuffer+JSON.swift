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
        buffer.appendEscaped(bytes)
        return buffer.contents
    }

    /// Writes bytes of UTF-8 as the inside of a JSON string.
    package mutating func appendEscaped(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe appendEscaped(LentBytes(start: bytes.baseAddress, count: bytes.count))
        }
    }

    /// Epoch milliseconds as `append(time:)` writes them.
    package static func timeText(_ milliseconds: Int64) -> String {
        var buffer = OutputBuffer(capacity: 32)
        buffer.append(time: milliseconds)
        return String(decoding: buffer.copied(0..<buffer.bytes), as: UTF8.self)
    }

    /// Bytes that one number can take.
    private static let numberBytesMax = 32

    package mutating func append(integer value: Int64) {
        withRoom(Self.numberBytesMax) { place in
            var end = 0
            if value < 0 {
                place[0] = UInt8(ascii: "-")
                end = 1
            }
            return Self.write(value.magnitude, at: end, of: place)
        }
    }

    /// Writes the digits of `value` from `start` on and returns where they end.
    @inline(__always)
    private static func write(_ value: UInt64, at start: Int, of place: OutputPlace) -> Int {
        if value < 10 {
            place[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value)
            return start + 1
        }
        var end = start + 1
        var rest = value / 10
        while rest != 0 {
            rest /= 10
            end += 1
        }
        rest = value
        var index = end
        while index > start {
            index -= 1
            place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        return end
    }

    /// Writes a number rounded to four decimals, without trailing zeros.
    ///
    /// Four decimals say all that a reader of distances and feature values can use, and cost a tenth of the
    /// shortest exact form.
    package mutating func append(rounded value: Double) {
        // Beyond 2^53 / 10^4 the product is no longer exact; the plain description is.
        guard value.magnitude < 9e11 else {
            append(Array(value.isFinite ? value.description.utf8 : "null".utf8))
            return
        }
        withRoom(Self.numberBytesMax) { place in
            let scaled = UInt64(value.magnitude * 10_000 + 0.5)
            var end = 0
            if value < 0, scaled != 0 {
                place[0] = UInt8(ascii: "-")
                end = 1
            }
            let whole = scaled / 10_000
            end = Self.write(whole, at: end, of: place)
            let fraction = UInt32(truncatingIfNeeded: scaled - whole * 10_000)
            if fraction == 0 { return end }
            place[end] = UInt8(ascii: ".")
            Self.write(Int(fraction / 100), at: end + 1, of: place)
            Self.write(Int(fraction % 100), at: end + 3, of: place)
            end += 5
            while place[end - 1] == UInt8(ascii: "0") { end -= 1 }
            return end
        }
    }

    /// Writes epoch milliseconds as `2026-01-05T12:00:05.123Z`.
    mutating func append(time milliseconds: Int64) {
        let time = CivilTime(milliseconds: milliseconds)
        withRoom(Self.numberBytesMax) { place in
            Self.write(time.year / 100, time.year % 100, at: 0, of: place)
            place[4] = UInt8(ascii: "-")
            Self.write(time.month, at: 5, of: place)
            place[7] = UInt8(ascii: "-")
            Self.write(time.day, at: 8, of: place)
            place[10] = UInt8(ascii: "T")
            Self.write(time.hour, at: 11, of: place)
            place[13] = UInt8(ascii: ":")
            Self.write(time.minute, at: 14, of: place)
            place[16] = UInt8(ascii: ":")
            Self.write(time.second, at: 17, of: place)
            place[19] = UInt8(ascii: ".")
            place[20] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: time.millisecond / 100)
            Self.write(time.millisecond % 100, at: 21, of: place)
            place[23] = UInt8(ascii: "Z")
            return 24
        }
    }

    @inline(__always)
    private static func write(_ century: Int, _ year: Int, at index: Int, of place: OutputPlace) {
        write(century, at: index, of: place)
        write(year, at: index + 2, of: place)
    }

    /// Two digits.
    @inline(__always)
    private static func write(_ value: Int, at index: Int, of place: OutputPlace) {
        place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        place[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
    }
}
