extension OutputBuffer {
    /// Writes bytes as the inside of a JSON string: quotes, backslashes and control characters escaped.
    mutating func appendEscaped(_ bytes: LentBytes) {
        withRoom(OutputCursor.escapedBytesMax(bytes.count)) { $0.appendEscaped(bytes) }
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

    package mutating func append(integer value: Int64) {
        withRoom(OutputCursor.numberBytesMax) { $0.append(integer: value) }
    }

    /// Writes a number rounded to four decimals, without trailing zeros.
    package mutating func append(rounded value: Double) {
        withRoom(OutputCursor.numberBytesMax) { $0.append(rounded: value) }
    }

    /// Writes epoch milliseconds as `2026-01-05T12:00:05.123Z`.
    mutating func append(time milliseconds: Int64) {
        withRoom(OutputCursor.numberBytesMax) { $0.append(time: milliseconds) }
    }
}
