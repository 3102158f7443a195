/// Reads numbers with units, `30d` and `64MiB`, exactly.
struct Quantity {
    /// A unit and how many of the base unit it is.
    struct Unit {
        let name: String
        let size: Int64
    }

    enum Fault: Error, Equatable {
        case notANumber, missingUnit, unknownUnit(String), tooLarge, notWhole
    }

    /// Milliseconds each.
    static let durations: [Unit] = [
        Unit(name: "ms", size: 1), Unit(name: "s", size: 1_000), Unit(name: "m", size: 60_000),
        Unit(name: "h", size: 3_600_000), Unit(name: "d", size: 86_400_000),
        Unit(name: "w", size: 604_800_000),
    ]
    /// Bytes each.
    static let sizes: [Unit] = [
        Unit(name: "B", size: 1), Unit(name: "KiB", size: 1 << 10), Unit(name: "MiB", size: 1 << 20),
        Unit(name: "GiB", size: 1 << 30),
    ]

    /// The number of base units that `text` says; negative numbers are read as such.
    static func parse(_ text: String, units: [Unit]) throws(Fault) -> Int64 {
        let number = text.prefix { "+-0123456789.".contains($0) }
        let unitName = text.dropFirst(number.count).drop { $0 == " " }
        guard PlainNumber.isNumber(String(number)), let value = Double(number) else { throw .notANumber }
        if unitName.isEmpty { throw .missingUnit }
        guard let unit = units.first(where: { $0.name == unitName }) else {
            throw .unknownUnit(String(unitName))
        }
        let total = value * Double(unit.size)
        // 2^53: beyond it a Double no longer holds every integer.
        guard abs(total) <= 9_007_199_254_740_992 else { throw .tooLarge }
        // 0.1d is 8,640,000 ms, whatever the binary fraction says.
        guard abs(total - total.rounded()) <= abs(total) * 1e-12 else { throw .notWhole }
        return Int64(total.rounded())
    }

    /// Milliseconds with the largest unit that divides them, up to days: `30d`, `1500ms`, `0s`.
    static func durationText(_ milliseconds: Int64) -> String {
        text(milliseconds, units: durations.filter { $0.name != "w" }, zero: "0s")
    }

    /// Bytes with the largest unit that divides them: `256KiB`.
    static func sizeText(_ bytes: Int) -> String { text(Int64(bytes), units: sizes, zero: "0B") }

    private static func text(_ value: Int64, units: [Unit], zero: String) -> String {
        guard value != 0, let unit = units.last(where: { value % $0.size == 0 }) else { return zero }
        return "\(value / unit.size)\(unit.name)"
    }
}
