package import Foundation

extension ReferenceEvent {
    package struct NotCanonical: Error {
        package let what: String
    }

    /// Reads a canonical event with Foundation's decoder.
    ///
    /// - Throws: If it is no JSON object, or has no type or no readable time; nothing else is checked.
    package init(json: Data) throws {
        guard case .object(let object) = try JSONDecoder().decode(Tree.self, from: json) else {
            throw NotCanonical(what: "not an object")
        }
        guard case .value(.text(let type)) = object["type"], !type.isEmpty else {
            throw NotCanonical(what: "no type")
        }
        var fields: [String: ReferenceValue] = [:]
        Self.flatten(object, prefix: "", into: &fields)
        guard let time = try fields["timestamp"].map(Self.milliseconds) else {
            throw NotCanonical(what: "no timestamp")
        }
        var identifier: String?
        if case .text(let text) = fields["event_id"] { identifier = String(decoding: text, as: UTF8.self) }
        var items: [Item] = []
        if case .array(let lines) = object["items"] {
            for case .object(let line) in lines {
                var fields: [String: ReferenceValue] = [:]
                Self.flatten(line, prefix: "", into: &fields)
                items.append(
                    Item(
                        fields: fields, quantity: fields["quantity"]?.asNumber,
                        price: fields["price"]?.asNumber))
            }
        }
        fields["type"] = nil
        self.init(
            String(decoding: type, as: UTF8.self), at: time, identifier: identifier, fields: fields,
            items: items)
    }

    private enum Tree: Decodable {
        case null
        case value(ReferenceValue)
        case array([Tree])
        case object([String: Tree])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .value(.flag(flag))
            } else if let number = try? container.decode(Double.self) {
                self = .value(.number(number))
            } else if let text = try? container.decode(String.self) {
                self = .value(.text(Array(text.utf8)))
            } else if let array = try? container.decode([Tree].self) {
                self = .array(array)
            } else {
                self = .object(try container.decode([String: Tree].self))
            }
        }
    }

    private static func flatten(
        _ object: [String: Tree], prefix: String, into fields: inout [String: ReferenceValue]
    ) {
        for (name, tree) in object {
            switch tree {
            case .null, .array: continue
            case .value(let value): fields[prefix + name] = value
            case .object(let inner): flatten(inner, prefix: prefix + name + ".", into: &fields)
            }
        }
    }

    /// Epoch milliseconds of a number or an RFC 3339 text, digits after the third of a second's fraction cut.
    private static func milliseconds(_ value: ReferenceValue) throws -> Int64 {
        switch value {
        case .number(let number): return Int64(number)
        case .flag: throw NotCanonical(what: "a timestamp that is true or false")
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            let fraction = text.firstMatch(of: /\.([0-9]+)/)
            let whole = fraction.map { text.replacingCharacters(in: $0.range, with: "") } ?? text
            let digits = ((fraction?.1).map(String.init) ?? "").padding(
                toLength: 3, withPad: "0", startingAt: 0)
            let date = try Date.ISO8601FormatStyle().parse(whole)
            return Int64(date.timeIntervalSince1970) * 1_000 + (Int64(digits) ?? 0)
        }
    }
}
