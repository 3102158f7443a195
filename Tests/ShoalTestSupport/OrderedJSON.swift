/// A JSON document with the order of its keys and the spelling of its numbers kept.
///
/// A strict, slow parser of its own (RFC 8259), so that what the engine writes is judged by other code than
/// reads it.
package indirect enum OrderedJSON: Equatable, Sendable {
    case object([Member])
    case array([OrderedJSON])
    case text(String)
    /// As it is written.
    case number(String)
    case flag(Bool)
    case null

    package struct Member: Equatable, Sendable {
        package var key: String
        package var value: OrderedJSON
    }

    package struct NotJSON: Error {
        package let text: String
        package let offset: Int
    }

    /// Parses one document.
    ///
    /// - Throws: `NotJSON` for anything else, a key that occurs twice and text after the end included.
    package init(parsing text: String) throws {
        var parser = Parser(bytes: Array(text.utf8))
        self = try parser.value()
        guard parser.isAtEnd else { throw NotJSON(text: text, offset: parser.offset) }
    }

    /// An object's keys in the order of writing; empty for anything else.
    package var keys: [String] {
        if case .object(let members) = self { members.map(\.key) } else { [] }
    }

    package subscript(key: String) -> OrderedJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    package var elements: [OrderedJSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    package var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    package var number: Double? {
        if case .number(let number) = self { Double(number) } else { nil }
    }

    package var flag: Bool? {
        if case .flag(let flag) = self { flag } else { nil }
    }

    package var isNull: Bool { self == .null }
}

extension OrderedJSON {
    private struct Parser {
        let bytes: [UInt8]
        var offset = 0

        var isAtEnd: Bool { offset == bytes.count }

        private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

        private var failure: NotJSON {
            NotJSON(text: String(decoding: bytes, as: UTF8.self), offset: offset)
        }

        private mutating func take(_ word: String) -> Bool {
            guard bytes[offset...].starts(with: word.utf8) else { return false }
            offset += word.utf8.count
            return true
        }

        private mutating func require(_ word: String) throws {
            if !take(word) { throw failure }
        }

        mutating func value() throws -> OrderedJSON {
            switch next {
            case UInt8(ascii: "{"): return try object()
            case UInt8(ascii: "["): return try array()
            case UInt8(ascii: "\""): return .text(try string())
            default: break
            }
            if take("true") { return .flag(true) }
            if take("false") { return .flag(false) }
            if take("null") { return .null }
            return .number(try number())
        }

        private mutating func number() throws -> String {
            let start = offset
            _ = take("-")
            if !take("0") { try digits() }
            if take(".") { try digits() }
            if take("e") || take("E") {
                if !take("-") { _ = take("+") }
                try digits()
            }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }

        private mutating func digits() throws {
            let start = offset
            while let byte = next, byte >= 0x30, byte <= 0x39 { offset += 1 }
            if offset == start { throw failure }
        }

        private mutating func object() throws -> OrderedJSON {
            try require("{")
            var members: [Member] = []
            if take("}") { return .object([]) }
            repeat {
                let key = try string()
                if members.contains(where: { $0.key == key }) { throw failure }
                try require(":")
                members.append(Member(key: key, value: try value()))
            } while take(",")
            try require("}")
            return .object(members)
        }

        private mutating func array() throws -> OrderedJSON {
            try require("[")
            var elements: [OrderedJSON] = []
            if take("]") { return .array([]) }
            repeat { elements.append(try value()) } while take(",")
            try require("]")
            return .array(elements)
        }

        private mutating func string() throws -> String {
            try require("\"")
            var text: [UInt8] = []
            while let byte = next, byte != UInt8(ascii: "\"") {
                guard byte >= 0x20 else { throw failure }
                offset += 1
                if byte == UInt8(ascii: "\\") { text += try escaped() } else { text.append(byte) }
            }
            try require("\"")
            guard let valid = String(validating: text, as: UTF8.self) else { throw failure }
            return valid
        }

        private mutating func escaped() throws -> [UInt8] {
            let plain: [String: UInt8] = [
                "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9,
            ]
            for (word, byte) in plain where take(word) { return [byte] }
            try require("u")
            let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
            // The engine writes nothing but control characters this way; halves of pairs are refused.
            guard digits.utf8.count == 4, let code = UInt16(digits, radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw failure }
            offset += 4
            return Array(String(scalar).utf8)
        }
    }
}
