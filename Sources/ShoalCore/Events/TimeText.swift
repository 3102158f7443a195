/// Times as text, read by hand into epoch milliseconds; fractions are cut, not rounded.
@safe struct TimeText {
    /// A date and time with a zone, as RFC 3339 demands; a space may stand for the `T`.
    @inline(__always)
    static func internet(_ text: LentBytes) -> Int64? {
        if text.count == 24, let start = unsafe text.start, let time = unsafe plain(start) { return time }
        return anyInternet(text)
    }

    /// The form that most producers write, `2026-01-05T12:00:05.123Z`, eight bytes at a time.
    ///
    /// Against the same form with zeros for digits, digits differ by their value and all else by nothing.
    @inline(__always)
    private static func plain(_ start: UnsafePointer<UInt8>) -> Int64? {
        let raw = unsafe UnsafeRawPointer(start)
        let first = unsafe raw.loadUnaligned(as: UInt64.self).littleEndian ^ 0x2D30_302D_3030_3030
        let second =
            unsafe raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
            ^ 0x3030_3A30_3054_3030
        let third =
            unsafe raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self).littleEndian
            ^ 0x5A30_3030_2E30_303A
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        let six: UInt64 = 0x0606_0606_0606_0606
        guard (first | second | third) & high == 0,
            ((first + six) | (second + six) | (third + six)) & high == 0,
            (first & 0xFF00_00FF_0000_0000) | (second & 0x0000_FF00_00FF_0000)
                | (third & 0xFF00_0000_FF00_00FF) == 0
        else { return nil }
        let year = pair(first, 0) * 100 + pair(first, 16)
        let month = pair(first, 40)
        let day = pair(second, 0)
        let hour = pair(second, 24)
        let minute = pair(second, 48)
        let secondOfMinute = pair(third, 8)
        guard month >= 1, month <= 12, day >= 1, day <= 28 || day <= dayCount(year: year, month: month),
            hour < 24, minute < 60, secondOfMinute < 60
        else { return nil }
        let fraction = pair(third, 32) * 10 + Int64(third >> 48 & 0xFF)
        let seconds = (hour * 60 + minute) * 60 + secondOfMinute
        return days(year: year, month: month, day: day) * millisecondsPerDay + seconds * 1_000 + fraction
    }

    /// The two digits at a bit offset.
    @inline(__always)
    private static func pair(_ word: UInt64, _ shift: UInt64) -> Int64 {
        Int64(word >> shift & 0xFF) * 10 + Int64(word >> (shift + 8) & 0xFF)
    }

    private static func anyInternet(_ text: LentBytes) -> Int64? {
        var reader = TimeText(text)
        guard let day = reader.date(separated: true), reader.skip(anyOf: "T", "t", " "),
            let time = reader.timeOfDay(needsSeconds: true), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        return day * millisecondsPerDay + time - offset
    }

    /// `2010-12-01 08:26:00` with an optional fraction and zone; without a zone it is UTC.
    static func dateTime(_ text: LentBytes) -> Int64? {
        var reader = TimeText(text)
        guard let day = reader.date(separated: true), reader.skip(anyOf: "T", "t", " "),
            let time = reader.timeOfDay(needsSeconds: false)
        else { return nil }
        let local = day * millisecondsPerDay + time
        if reader.isAtEnd { return local }
        _ = reader.skip(anyOf: " ", " ", " ")
        if reader.skipUTC() { return reader.isAtEnd ? local : nil }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        return local - offset
    }

    /// `2010-12-01` or `20101201`: the day's first millisecond in UTC.
    static func date(_ text: LentBytes) -> Int64? {
        var reader = TimeText(text)
        guard let day = reader.date(separated: text.count == 10), reader.isAtEnd else { return nil }
        return day * millisecondsPerDay
    }

    /// Days from 1970-01-01 to a day of the proleptic Gregorian calendar.
    ///
    /// Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`; for years from 0.
    @inline(__always)
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        // Unsigned, so that division by a constant is one multiplication; year 0 stays above zero.
        let shifted = UInt64(month <= 2 ? year + 399 : year + 400)
        let era = Int64(shifted / 400) - 1
        let yearOfEra = Int64(shifted % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static let millisecondsPerDay: Int64 = 86_400_000

    // Lent by the caller for the length of the call; every read is checked against `count`.
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    private init(_ text: LentBytes) { unsafe bytes = text.buffer }

    private var isAtEnd: Bool { unsafe index == bytes.count }

    private mutating func date(separated: Bool) -> Int64? {
        guard let year = digits(4), !separated || skip("-"), let month = digits(2), !separated || skip("-"),
            let day = digits(2), month >= 1, month <= 12, day >= 1,
            day <= Self.dayCount(year: year, month: month)
        else { return nil }
        return Self.days(year: year, month: month, day: day)
    }

    private static func dayCount(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Milliseconds since midnight; a leap second is refused.
    private mutating func timeOfDay(needsSeconds: Bool) -> Int64? {
        guard let hour = digits(2), skip(":"), let minute = digits(2), hour < 24, minute < 60 else {
            return nil
        }
        let wholeMinutes = (hour * 60 + minute) * 60_000
        guard skip(":") else { return needsSeconds ? nil : wholeMinutes }
        guard let second = digits(2), second < 60 else { return nil }
        var milliseconds = wholeMinutes + second * 1_000
        if skip(".") {
            var scale: Int64 = 100
            var count = 0
            while let digit = digits(1) {
                milliseconds += digit * scale
                scale /= 10
                count += 1
            }
            guard count > 0 else { return nil }
        }
        return milliseconds
    }

    /// Milliseconds that a zone is ahead of UTC.
    private mutating func offset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isNegative = skip("-")
        guard isNegative || skip("+"), let hour = digits(2), skip(":"), let minute = digits(2), hour < 24,
            minute < 60
        else { return nil }
        let milliseconds = (hour * 60 + minute) * 60_000
        return isNegative ? -milliseconds : milliseconds
    }

    private mutating func skipUTC() -> Bool {
        guard skip("U") else { return false }
        return skip("T") && skip("C")
    }

    @inline(__always)
    private mutating func skip(_ letter: Unicode.Scalar) -> Bool {
        guard unsafe index < bytes.count, unsafe bytes[index] == UInt8(ascii: letter) else { return false }
        index += 1
        return true
    }

    @inline(__always)
    private mutating func skip(anyOf first: Unicode.Scalar, _ second: Unicode.Scalar, _ third: Unicode.Scalar)
        -> Bool
    {
        skip(first) || skip(second) || skip(third)
    }

    /// The value of exactly `count` decimal digits.
    @inline(__always)
    private mutating func digits(_ count: Int) -> Int64? {
        guard unsafe index + count <= bytes.count else { return nil }
        var value: Int64 = 0
        for position in index..<index + count {
            let digit = unsafe bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value * 10 + Int64(digit)
        }
        index += count
        return value
    }
}
