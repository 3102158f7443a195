internal import Foundation

/// One line of a file, as written and as the compiler sees it.
struct SourceLine: Sendable {
    /// From 1.
    let number: Int
    let text: String
    /// `text` with comments and the insides of literals replaced by spaces; the same as `text` in other
    /// languages.
    let code: String

    /// Whether anything on the line is a comment.
    var hasComment: Bool {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        return trimmed.hasPrefix("//") || trimmed.hasPrefix("*") || trimmed.hasSuffix("*/")
            || (text.contains("//") && !code.contains("//"))
    }
}

extension String {
    /// Whether `phrase` occurs here and neither continues nor ends a longer identifier.
    ///
    /// A side of `phrase` that is not an identifier character needs no boundary: `.now` matches `Clock.now`,
    /// but not `.nowhere`.
    func containsPhrase(_ phrase: String, ignoringCase: Bool = false) -> Bool {
        var start = startIndex
        while let found = range(
            of: phrase, options: ignoringCase ? .caseInsensitive : [], range: start..<endIndex)
        {
            let before = found.lowerBound == startIndex ? nil : self[index(before: found.lowerBound)]
            let after = found.upperBound == endIndex ? nil : self[found.upperBound]
            let opens =
                !(phrase.first?.continuesIdentifier ?? false) || !(before?.continuesIdentifier ?? false)
            let closes =
                !(phrase.last?.continuesIdentifier ?? false) || !(after?.continuesIdentifier ?? false)
            if opens && closes { return true }
            start = index(after: found.lowerBound)
        }
        return false
    }
}

extension Character {
    /// Whether it can stand inside an identifier.
    var continuesIdentifier: Bool { isLetter || isNumber || self == "_" }
}
