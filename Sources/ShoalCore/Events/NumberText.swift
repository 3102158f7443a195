/// A number written as text: JSON's grammar, leading zeros allowed, and nothing else.
enum NumberText {
    case integer(Int64)
    case real(Double)
    /// Beyond what a number can hold, or so small that it would read as zero.
    case outOfRange
    /// Longer than `charactersMax`.
    case tooLong
    case notNumber

    /// Nobody writes a quantity or a price with more characters than this.
    static let charactersMax = 32

    /// Exactly representable, so one multiplication or division by one of them rounds once.
    ///
    /// Clinger, "How to read floating point numbers accurately", PLDI 1990.
    private static let powersOfTen: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    init(_ text: LentBytes) {
        let bytes = unsafe text.buffer
        var index = 0
        let isNegative = unsafe index < bytes.count && bytes[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }

        var mantissa: UInt64 = 0
        var digits = 0  // Significant ones; 19 fit.
        var wholeDigits = 0
        while index < bytes.count, let digit = unsafe Self.digit(bytes[index]) {
            if digits > 0 || digit > 0 { digits += 1 }
            if digits <= 19 { mantissa = mantissa * 10 + UInt64(digit) }
            wholeDigits += 1
            index += 1
        }
        var isIntegral = true
        var fractionDigits = 0
        if index < bytes.count, unsafe bytes[index] == UInt8(ascii: ".") {
            isIntegral = false
            index += 1
            while index < bytes.count, let digit = unsafe Self.digit(bytes[index]) {
                if digits > 0 || digit > 0 { digits += 1 }
                if digits <= 19 { mantissa = mantissa * 10 + UInt64(digit) }
                fractionDigits += 1
                index += 1
            }
        }
        guard wholeDigits > 0, isIntegral || fractionDigits > 0 else {
            self = .notNumber
            return
        }
        let hasExponent = index < bytes.count
        guard unsafe !hasExponent || Self.isExponent(bytes, from: index) else {
            self = .notNumber
            return
        }
        if bytes.count > Self.charactersMax {
            self = .tooLong
        } else if isIntegral && !hasExponent {
            self = Self.integer(mantissa, digits: digits, isNegative: isNegative)
        } else if !hasExponent, digits <= 15, fractionDigits < Self.powersOfTen.count {
            let value = Double(mantissa) / Self.powersOfTen[fractionDigits]
            self = .real(isNegative ? -value : value)
        } else {
            self = Self.slowReal(text, mantissaIsZero: digits == 0)
        }
    }

    private static func integer(_ mantissa: UInt64, digits: Int, isNegative: Bool) -> NumberText {
        guard digits <= 19, mantissa <= UInt64(Int64.max) else { return .outOfRange }
        return .integer(isNegative ? -Int64(mantissa) : Int64(mantissa))
    }

    private static func slowReal(_ text: LentBytes, mantissaIsZero: Bool) -> NumberText {
        guard let value = Double(text.text) else { return .notNumber }
        guard value.isFinite, value != 0 || mantissaIsZero else { return .outOfRange }
        return .real(value)
    }

    private static func isExponent(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool {
        var index = start
        guard unsafe bytes[index] | 0x20 == UInt8(ascii: "e") else { return false }
        index += 1
        if index < bytes.count, unsafe bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
        {
            index += 1
        }
        guard index < bytes.count else { return false }
        while index < bytes.count {
            guard unsafe digit(bytes[index]) != nil else { return false }
            index += 1
        }
        return true
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt8? {
        let value = byte &- UInt8(ascii: "0")
        return value <= 9 ? value : nil
    }
}
