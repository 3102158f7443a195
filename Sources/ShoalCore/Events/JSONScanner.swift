/// A slow, strict reader of RFC 8259 that says what is wrong with a record that simdjson refused.
///
/// It also finds numbers that are well-formed but that no number type holds, and can put a harmless number
/// in their place, so that a record is not lost over a number that nobody reads.
@safe struct JSONScanner {
    enum Verdict {
        case rejected(EventRejection)
        /// Well-formed; these numbers need a stand-in before simdjson reads the record.
        case wellFormed([HarmfulNumber])
    }

    /// A number that no type holds, or that is longer than anybody writes.
    struct HarmfulNumber {
        let range: Range<Int>
        let isTooLong: Bool
    }

    /// What stands in for a number that is out of range; no producer writes it.
    static let outOfRangeMark = 7e-99
    /// What stands in for a number that is too long.
    static let tooLongMark = 8e-99

    private enum Fault: Error {
        case badJSON(String, Int)
        case badUnicode(Int)
        case trailingData(Int)
        case tooDeep

        var rejection: EventRejection {
            switch self {
            case .badJSON(let what, let position):
                EventRejection(.notJSON, "bad_json: \(what) at byte \(position)")
            case .badUnicode(let position):
                EventRejection(.notJSON, "bad_unicode: half a surrogate pair at byte \(position)")
            case .trailingData(let position): EventRejection(.notJSON, "trailing_data: at byte \(position)")
            case .tooDeep: EventRejection(.tooDeep, "too_deep")
            }
        }
    }

    // Lent by the caller for the length of the call.
    private let bytes: UnsafeRawBufferPointer
    private let depthMax: Int
    private var index = 0
    private var harmful: [HarmfulNumber] = []

    /// Says what is wrong with `record`, the checks in the order of the catalogue: UTF-8 before JSON.
    static func verdict(on record: UnsafeRawBufferPointer, depthMax: Int) -> Verdict {
        if let rejection = unsafe encodingFault(record) { return .rejected(rejection) }
        var scanner = unsafe JSONScanner(bytes: record, depthMax: depthMax)
        do throws(Fault) {
            scanner.skipWhitespace()
            if scanner.peek == nil { return .rejected(EventRejection(.notJSON, "empty")) }
            try scanner.scanDocument()
            return .wellFormed(scanner.harmful)
        } catch {
            return .rejected(error.rejection)
        }
    }

    private init(bytes: UnsafeRawBufferPointer, depthMax: Int) {
        unsafe self.bytes = bytes
        self.depthMax = depthMax
    }

    private static func encodingFault(_ record: UnsafeRawBufferPointer) -> EventRejection? {
        if record.count >= 2 {
            let brace = UInt8(ascii: "{")
            let first = unsafe record[0]
            let second = unsafe record[1]
            if first == 0 && second == brace || first == brace && second == 0 {
                return EventRejection(.badUTF8, "bad_utf8: looks like UTF-16")
            }
            // No text begins with a zero byte, but every record in a schema registry's framing does.
            if first == 0 { return EventRejection(.notJSON, "bad_json: begins with a zero byte") }
        }
        return unsafe JSONReader.isUTF8(record) ? nil : EventRejection(.badUTF8, "bad_utf8")
    }

    private var peek: UInt8? { unsafe index < bytes.count ? bytes[index] : nil }

    private mutating func skipWhitespace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: letter) else { return false }
        index += 1
        return true
    }

    /// One value and nothing after it, with a stack of its own so that no input can exhaust the thread's.
    private mutating func scanDocument() throws(Fault) {
        var isObject: [Bool] = []
        var needsValue = true
        while true {
            skipWhitespace()
            if needsValue {
                needsValue = false
                if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") {
                    guard isObject.count < depthMax else { throw .tooDeep }
                    isObject.append(peek == UInt8(ascii: "{"))
                    index += 1
                    skipWhitespace()
                    guard let inObject = isObject.last, !take(inObject ? "}" : "]") else {
                        isObject.removeLast()
                        continue
                    }
                    if inObject { try scanKey() }
                    needsValue = true
                } else {
                    try scanScalar()
                }
                continue
            }
            guard let inObject = isObject.last else { break }
            if take(",") {
                skipWhitespace()
                if inObject { try scanKey() }
                needsValue = true
            } else if take(inObject ? "}" : "]") {
                isObject.removeLast()
            } else {
                throw .badJSON(peek == nil ? "cut off" : "expected a comma or an end", index)
            }
        }
        if peek != nil { throw .trailingData(index) }
    }

    private mutating func scanKey() throws(Fault) {
        guard peek == UInt8(ascii: "\"") else {
            throw .badJSON(peek == nil ? "cut off" : "expected a key", index)
        }
        try scanString()
        skipWhitespace()
        guard take(":") else { throw .badJSON(peek == nil ? "cut off" : "expected a colon", index) }
    }

    private mutating func scanScalar() throws(Fault) {
        guard let byte = peek else { throw .badJSON("cut off", index) }
        switch byte {
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try scanNumber()
        default: throw .badJSON("expected a value", index)
        }
    }

    private mutating func scanWord(_ word: StaticString) throws(Fault) {
        let start = index
        for position in 0..<word.utf8CodeUnitCount {
            guard let byte = peek, unsafe byte == word.utf8Start[position] else {
                throw .badJSON("expected a value", start)
            }
            index += 1
        }
    }

    private mutating func scanString() throws(Fault) {
        index += 1
        while let byte = peek {
            if byte == UInt8(ascii: "\"") {
                index += 1
                return
            }
            if byte < 0x20 { throw .badJSON("raw control character", index) }
            if byte == UInt8(ascii: "\\") { try scanEscape() } else { index += 1 }
        }
        throw .badJSON("cut off", index)
    }

    private mutating func scanEscape() throws(Fault) {
        let start = index
        index += 1
        switch peek {
        case UInt8(ascii: "u"):
            let unit = try scanCodeUnit(start)
            guard unit < 0xD800 || unit > 0xDFFF else {
                guard unit < 0xDC00, take("\\"), peek == UInt8(ascii: "u") else { throw .badUnicode(start) }
                let low = try scanCodeUnit(start)
                guard low >= 0xDC00 && low <= 0xDFFF else { throw .badUnicode(start) }
                return
            }
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        default: throw .badJSON("unknown escape", start)
        }
    }

    /// Reads `uXXXX`.
    private mutating func scanCodeUnit(_ start: Int) throws(Fault) -> UInt32 {
        index += 1
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
            else { throw .badJSON("unknown escape", start) }
            unit = unit << 4 | UInt32(digit)
            index += 1
        }
        return unit
    }

    private mutating func scanDigits() -> Int {
        let start = index
        while let byte = peek, byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") { index += 1 }
        return index - start
    }

    private mutating func scanNumber() throws(Fault) {
        let start = index
        _ = take("-")
        let startsWithZero = peek == UInt8(ascii: "0")
        let whole = scanDigits()
        guard whole > 0, whole == 1 || !startsWithZero else { throw .badJSON("malformed number", start) }
        if take("."), scanDigits() == 0 { throw .badJSON("malformed number", start) }
        if take("e") || take("E") {
            if !take("-") { _ = take("+") }
            guard scanDigits() > 0 else { throw .badJSON("malformed number", start) }
        }
        noteIfHarmful(start..<index)
    }

    private mutating func noteIfHarmful(_ range: Range<Int>) {
        let text = unsafe String(decoding: bytes[range], as: UTF8.self)
        if range.count > NumberText.charactersMax {
            harmful.append(HarmfulNumber(range: range, isTooLong: true))
        } else if !text.utf8.contains(where: { $0 == 0x2E || $0 | 0x20 == 0x65 }) {
            guard Int64(text) == nil, UInt64(text) == nil else { return }
            harmful.append(HarmfulNumber(range: range, isTooLong: false))
        } else {
            let value = Double(text) ?? .infinity
            let mantissa = text.utf8.prefix { $0 | 0x20 != 0x65 }
            let isZero = mantissa.allSatisfy { $0 < UInt8(ascii: "1") || $0 > UInt8(ascii: "9") }
            guard !value.isFinite || value == 0 && !isZero else { return }
            harmful.append(HarmfulNumber(range: range, isTooLong: false))
        }
    }
}
