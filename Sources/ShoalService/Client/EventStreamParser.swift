/// Takes server-sent events out of a stream's bytes, however they are cut up (WHATWG HTML, section 9.2.6).
package struct EventStreamParser {
    package struct Event: Equatable, Sendable {
        package var name: String
        package var data: String
        /// The newest id so far; `nil` before the first.
        package var id: String?
    }

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var id: String?

    package init() {}

    /// Takes bytes in.
    ///
    /// - Parameter bytes: as they came.
    /// - Returns: the events that they complete.
    package mutating func absorb(_ bytes: some Sequence<UInt8>) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let event = endLine() { events.append(event) }
            line.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func endLine() -> Event? {
        guard !line.isEmpty else {
            defer { (name, data) = ("", []) }
            guard !data.isEmpty else { return nil }
            return Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: id)
        }
        let text = String(decoding: line, as: UTF8.self)
        let colon = text.firstIndex(of: ":") ?? text.endIndex
        var value = colon == text.endIndex ? "" : text[text.index(after: colon)...]
        if value.hasPrefix(" ") { value.removeFirst() }
        switch text[..<colon] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id": id = String(value)
        default: break
        }
        return nil
    }
}
