/// Fields of fixed width, written over the zeros of a template.
enum TextFields {
    /// The zeros that `writeTimestamp` overwrites.
    static let timestampTemplate = "0000-00-00T00:00:00.000Z"

    private static let zero = UInt8(ascii: "0")

    /// Writes `value` in decimal, right-aligned, filling `digits` places from `position`.
    static func write(
        decimal value: Int, digits: Int, at position: Int, into bytes: inout MutableSpan<UInt8>
    ) {
        var rest = UInt64(truncatingIfNeeded: value)
        var place = position &+ digits
        while place > position {
            place &-= 1
            bytes[place] = zero &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// Writes the low `digits` · 4 bits of `value` in lower-case hexadecimal.
    static func write(
        hexadecimal value: UInt64, digits: Int, at position: Int, into bytes: inout MutableSpan<UInt8>
    ) {
        var rest = value
        var place = position &+ digits
        while place > position {
            place &-= 1
            let nibble = UInt8(truncatingIfNeeded: rest & 15)
            bytes[place] = nibble &+ (nibble < 10 ? zero : UInt8(ascii: "a") &- 10)
            rest >>= 4
        }
    }

    /// Writes a time of the years 0 to 9999 in RFC 3339 with milliseconds, 24 bytes.
    ///
    /// The date is found as in Hinnant, "chrono-compatible low-level date algorithms" (2013),
    /// `civil_from_days`.
    static func writeTimestamp(
        milliseconds: Int64, at position: Int, into bytes: inout MutableSpan<UInt8>
    ) {
        let millisecondsPerDay = 86_400_000
        let time = Int(milliseconds)
        let day = time >= 0 ? time / millisecondsPerDay : (time + 1) / millisecondsPerDay - 1
        let inDay = time - day * millisecondsPerDay
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        write(decimal: year, digits: 4, at: position, into: &bytes)
        write(decimal: month, digits: 2, at: position + 5, into: &bytes)
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        write(decimal: dayOfMonth, digits: 2, at: position + 8, into: &bytes)
        write(decimal: inDay / 3_600_000, digits: 2, at: position + 11, into: &bytes)
        write(decimal: inDay / 60_000 % 60, digits: 2, at: position + 14, into: &bytes)
        write(decimal: inDay / 1_000 % 60, digits: 2, at: position + 17, into: &bytes)
        write(decimal: inDay % 1_000, digits: 3, at: position + 20, into: &bytes)
    }
}
