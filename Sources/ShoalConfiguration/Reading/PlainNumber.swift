/// What unquoted text is: a truth value, a number or text.
///
/// YAML 1.2's core schema without its surprises: no octal, hexadecimal, base 60, `yes`, `.inf` or `.nan`.
enum PlainNumber {
    /// Digits with an optional sign, fraction and exponent.
    static func isNumber(_ text: String) -> Bool {
        let lowered = text.lowercased()
        let parts = lowered.split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let mantissa = withoutSign(parts[0]).split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let digits = mantissa.joined()
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return false }
        return parts.count == 1 || isInteger(String(parts[1]))
    }

    /// Digits with an optional sign.
    static func isInteger(_ text: String) -> Bool {
        let digits = withoutSign(text[...])
        return !digits.isEmpty && digits.allSatisfy(isDigit)
    }

    /// Digits after a leading zero: a code, not a number, as no JSON number is written so.
    static func isCode(_ text: String) -> Bool {
        let digits = withoutSign(text[...])
        return digits.count > 1 && digits.first == "0" && digits.allSatisfy(isDigit)
    }

    private static func withoutSign(_ text: Substring) -> Substring {
        text.first == "-" || text.first == "+" ? text.dropFirst() : text
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// `true`, `false`, or `nil` for anything else.
    static func truth(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }
}
