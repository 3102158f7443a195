/// What unquoted text is: a truth value, a number or text.
///
/// YAML 1.2's core schema without its surprises: no octal, hexadecimal, base 60, `yes`, `.inf` or `.nan`.
enum PlainNumber {
    /// Digits with an optional sign, fraction and exponent.
    static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: /[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?/) != nil
    }

    /// Digits with an optional sign.
    static func isInteger(_ text: String) -> Bool { text.wholeMatch(of: /[-+]?[0-9]+/) != nil }

    /// `true`, `false`, or `nil` for anything else.
    static func truth(_ text: String) -> Bool? {
        switch text {
        case "true", "True", "TRUE": true
        case "false", "False", "FALSE": false
        default: nil
        }
    }
}
