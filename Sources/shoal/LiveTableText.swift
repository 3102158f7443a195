internal import Foundation

/// Texts measured, clipped and padded by the columns that a terminal gives them.
///
/// Widths follow Unicode Standard Annex #11 as terminals do: wide and full-width characters and emoji take
/// two columns, combining marks none.
package enum LiveTableText {
    /// Blocks of wide characters that matter on terminals; UAX #11, property W or F.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
        0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]
    private static let variationToEmoji: UInt32 = 0xFE0F
    private static let ellipsis = "…"

    /// Columns that a text takes.
    package static func width(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text, cut so that it takes at most `columns`; what is cut ends in `…`.
    package static func clipped(_ text: String, to columns: Int) -> String {
        guard columns > 0 else { return "" }
        guard width(text) > columns else { return text }
        var result = ""
        var used = 0
        for character in text {
            let next = width(character)
            // One column is left for the ellipsis.
            guard used + next < columns else { break }
            result.append(character)
            used += next
        }
        return result + ellipsis
    }

    /// The text in exactly `columns`, clipped or filled with blanks after it.
    package static func left(_ text: String, _ columns: Int) -> String {
        let clipped = clipped(text, to: columns)
        return clipped + String(repeating: " ", count: max(0, columns - width(clipped)))
    }

    /// The text in exactly `columns`, clipped or filled with blanks before it.
    package static func right(_ text: String, _ columns: Int) -> String {
        let clipped = clipped(text, to: columns)
        return String(repeating: " ", count: max(0, columns - width(clipped))) + clipped
    }

    /// The text without anything that would move a terminal's cursor.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
        }
        return result
    }

    /// `12,345`, `123k`, `12M`: at most seven columns up to 999 millions.
    package static func compact(_ value: Double) -> String {
        let size = abs(value)
        if size < 99_999.5 { return TextFormat.count(Int(value.rounded())) }
        if size < 9_999_500 { return "\(Int((value / 1e3).rounded()))k" }
        return size < 1e15 ? "\(Int((value / 1e6).rounded()))M" : "-"
    }

    /// A measured number in few digits: `0.31`, `5.1`, `120`.
    package static func number(_ value: Double) -> String {
        let size = abs(value)
        return String(format: size >= 99.95 ? "%.0f" : size >= 0.995 ? "%.1f" : "%.2f", value)
    }

    /// `3.14` for two places.
    package static func decimals(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }

    private static func width(_ character: Character) -> Int {
        var widest = 0
        for scalar in character.unicodeScalars {
            if scalar.value == variationToEmoji { return 2 }
            widest = max(widest, width(scalar))
        }
        return widest
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        // Everything below the first combining mark is one column, and most texts are.
        if scalar.value < 0x300 { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar.properties.isBidiControl
        default: false
        }
    }
}
