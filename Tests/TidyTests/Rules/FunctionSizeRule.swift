internal import Foundation

/// A function that outgrows one screen is split.
///
/// It counts braces over formatted code, with comments and literals blanked: from the line that holds `func`,
/// `init`, `deinit` or `subscript` to the line that closes its body, both included. Computed properties and
/// closures are not measured on their own.
struct FunctionSizeRule: TidyRule {
    let summary = "a function has at most 70 lines"
    let linesMax: Int

    func violations(in tree: SourceTree) -> [Violation] {
        tree.swiftFiles.flatMap { file in
            file.lines.indices.compactMap { start -> Violation? in
                guard Self.declaresFunction(file.lines[start].code),
                    let end = Self.lastLineOfBody(in: file.lines, from: start), end - start + 1 > linesMax
                else { return nil }
                return file.violation(
                    file.lines[start], "a function of \(end - start + 1) lines, at most \(linesMax)")
            }
        }
    }

    private static func declaresFunction(_ code: String) -> Bool {
        // What may stand before the keyword in formatted code: attributes and modifiers, which have no `=` or
        // `.`.
        let words = code.split(whereSeparator: { $0 == " " })
        for word in words {
            if word == "func" || word == "deinit" { return true }
            if word.hasPrefix("init(") || word.hasPrefix("init?(") || word.hasPrefix("init<") { return true }
            if word.hasPrefix("subscript(") || word.hasPrefix("subscript<") { return true }
            if word.contains("=") || word.contains(".") || word == "return" || word == "let" || word == "var"
            {
                return false
            }
        }
        return false
    }

    /// The index of the line that closes the body, or `nil` for a declaration without one.
    private static func lastLineOfBody(in lines: [SourceLine], from start: Int) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in start..<lines.count {
            for character in lines[index].code {
                switch character {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{": braces += 1
                case "}":
                    braces -= 1
                    // A requirement of a protocol is followed by the brace that closes the protocol.
                    if braces < 0 { return nil }
                    if braces == 0 && parentheses == 0 { return index }
                default: break
                }
            }
            if braces == 0 && parentheses == 0 && !signatureContinues(lines, after: index) { return nil }
        }
        return nil
    }

    private static func signatureContinues(_ lines: [SourceLine], after index: Int) -> Bool {
        guard index + 1 < lines.count else { return false }
        let next = lines[index + 1].code.trimmingCharacters(in: .whitespaces)
        return ["{", "->", "where ", "throws", "async", "rethrows"].contains(where: next.hasPrefix)
    }
}
