internal import ShoalCore

/// Writes JSON in the order in which it is told, for answers that are made often or that hold JSON already.
///
/// Numbers have four decimals, as in Shoal's other outputs.
struct JSONWriter: ~Copyable {
    private var buffer = OutputBuffer(capacity: 8_192)
    private var needsComma = false

    var bytes: [UInt8] { buffer.contents }

    private mutating func separate() {
        if needsComma { buffer.append(",") }
        needsComma = false
    }

    mutating func object(_ body: (inout JSONWriter) -> Void) {
        separate()
        buffer.append("{")
        body(&self)
        buffer.append("}")
        needsComma = true
    }

    mutating func array<Element>(
        _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
    ) {
        separate()
        buffer.append("[")
        for element in elements { body(&self, element) }
        buffer.append("]")
        needsComma = true
    }

    /// The name of the next value; nothing in it is escaped.
    mutating func key(_ name: StaticString) {
        separate()
        buffer.append("\"")
        buffer.append(name)
        buffer.append("\":")
    }

    mutating func string(_ text: String?) {
        guard let text else { return null() }
        string(bytes: Array(text.utf8))
    }

    /// A string of bytes that are UTF-8.
    mutating func string(bytes text: [UInt8]) {
        separate()
        buffer.append("\"")
        buffer.appendEscaped(text)
        buffer.append("\"")
        needsComma = true
    }

    mutating func number(_ value: Double?) {
        guard let value, value.isFinite else { return null() }
        separate()
        buffer.append(rounded: value)
        needsComma = true
    }

    mutating func integer(_ value: Int) {
        separate()
        buffer.append(integer: Int64(value))
        needsComma = true
    }

    mutating func boolean(_ value: Bool) {
        separate()
        buffer.append(value ? "true" : "false")
        needsComma = true
    }

    /// Epoch milliseconds as ISO 8601.
    mutating func time(_ milliseconds: Int64?) {
        guard let milliseconds else { return null() }
        string(OutputBuffer.timeText(milliseconds))
    }

    mutating func null() {
        separate()
        buffer.append("null")
        needsComma = true
    }

    /// JSON as it is.
    mutating func raw(_ json: [UInt8]) {
        separate()
        buffer.append(json)
        needsComma = true
    }
}
