/// Tells code from comments and literals, without parsing Swift.
///
/// Knows line and nested block comments, string literals of every form with their interpolations, and
/// identifiers in backticks. It does not know regex literals, of which this project has none.
struct CodeScanner {
    private let characters: [Character]
    private var index = 0
    private var output: [Character] = []

    /// The text with everything that is not code replaced by spaces; line breaks stay where they are.
    static func blankingCommentsAndLiterals(_ text: String) -> String {
        var scanner = CodeScanner(characters: Array(text))
        scanner.scan()
        return String(scanner.output)
    }

    private init(characters: [Character]) {
        self.characters = characters
        output.reserveCapacity(characters.count)
    }

    private mutating func scan() {
        while index < characters.count {
            if follows("//") {
                while index < characters.count, characters[index] != "\n" { blank() }
            } else if follows("/*") {
                scanBlockComment()
            } else if characters[index] == "`" {
                blank()
                while index < characters.count, characters[index] != "`" { blank() }
                blank()
            } else if let hashes = openingHashes() {
                scanString(hashes: hashes)
            } else {
                output.append(characters[index])
                index += 1
            }
        }
    }

    private mutating func scanBlockComment() {
        var depth = 0
        repeat {
            if follows("/*") {
                depth += 1
                blank(2)
            } else if follows("*/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && index < characters.count
    }

    /// The number of `#` before a string literal that starts here, or `nil` if none does.
    private func openingHashes() -> Int? {
        var end = index
        while end < characters.count, characters[end] == "#" { end += 1 }
        return end < characters.count && characters[end] == "\"" ? end - index : nil
    }

    private mutating func scanString(hashes: Int) {
        let pounds = String(repeating: "#", count: hashes)
        blank(hashes)
        let quote = follows("\"\"\"") ? "\"\"\"" : "\""
        blank(quote.count)
        while index < characters.count {
            if follows("\\" + pounds + "(") {
                blank(hashes + 2)
                scanInterpolation()
            } else if follows("\\" + pounds) {
                blank(hashes + 2)
            } else if follows(quote + pounds) {
                blank(quote.count + hashes)
                return
            } else {
                blank()
            }
        }
    }

    /// Skips to the parenthesis that closes an interpolation, over the literals inside it.
    private mutating func scanInterpolation() {
        var depth = 1
        while depth > 0 && index < characters.count {
            if let hashes = openingHashes() {
                scanString(hashes: hashes)
                continue
            }
            if characters[index] == "(" { depth += 1 }
            if characters[index] == ")" { depth -= 1 }
            blank()
        }
    }

    private func follows(_ expected: String) -> Bool {
        var position = index
        for character in expected {
            guard position < characters.count, characters[position] == character else { return false }
            position += 1
        }
        return true
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where index < characters.count {
            output.append(characters[index] == "\n" ? "\n" : " ")
            index += 1
        }
    }
}
