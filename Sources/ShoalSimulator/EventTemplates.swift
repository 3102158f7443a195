/// The text of an event as a head of fixed width and a tail of small fragments.
///
/// A head is copied whole and its zeros are overwritten in place: one copy instead of twenty appends.
struct EventTemplates: Sendable {
    static let categories = ["shoes", "toys", "food", "home"]
    static let channels = ["web", "app", "store"]
    /// Shops of the chain; a customer always goes to the same one.
    static let stores = 40
    /// Every category has this many products, and a product one category.
    static let productsPerCategory = 5_000

    private struct Head {
        var text: [UInt8]
        var identifier: Int
        var timestamp: Int
        var session: Int
    }

    private static let eventIdentifierPosition = 13

    private let heads: [Head]  // By `EventKind`.
    private let products: [[UInt8]]  // By category, up to the price.
    private let endings: [[UInt8]]  // By channel.
    private let quantity = Array(#","quantity":"#.utf8)
    private let items = Array(#""items":["#.utf8)

    init() {
        heads = EventKind.allCases.map { kind in
            let event = #"{"event_id":""# + String(repeating: "0", count: 32) + #"","type":"\#(kind.word)","#
            let customer = event + #""customer_id":"c"#
            let timestamp = customer + #"0000000","timestamp":""#
            let session = timestamp + TextFields.timestampTemplate + #"","session_id":"s"#
            return Head(
                text: Array((session + #"00000000","#).utf8), identifier: customer.utf8.count - 1,
                timestamp: timestamp.utf8.count, session: session.utf8.count)
        }
        products = Self.categories.map { category in
            Array(#""product_id":"p00000","category":"\#(category)","price":"#.utf8)
        }
        endings = Self.channels.map { channel in
            let store = channel == "store" ? #","store_id":"st00""# : ""
            return Array(#","channel":"\#(channel)"\#(store)}"#.utf8)
        }
    }

    /// Appends everything up to the product; returns where the customer's id stands in `buffer`.
    func appendHead(
        _ kind: EventKind, eventIdentifier: (UInt64, UInt64), customer: Int, timeMilliseconds: Int64,
        to buffer: inout [UInt8]
    ) -> Range<Int> {
        let head = heads[kind.rawValue]
        let start = buffer.count
        buffer.append(contentsOf: head.text)
        var bytes = buffer.mutableSpan
        let eventStart = start + Self.eventIdentifierPosition
        TextFields.write(hexadecimal: eventIdentifier.0, digits: 16, at: eventStart, into: &bytes)
        TextFields.write(hexadecimal: eventIdentifier.1, digits: 16, at: eventStart + 16, into: &bytes)
        let identifier = start + head.identifier
        TextFields.write(decimal: customer, digits: 7, at: identifier + 1, into: &bytes)
        TextFields.writeTimestamp(
            milliseconds: timeMilliseconds, at: start + head.timestamp, into: &bytes)
        // A session lasts half an hour of the clock.
        let session = UInt64(customer) &* 10_007 &+ UInt64(bitPattern: timeMilliseconds / 1_800_000)
        TextFields.write(hexadecimal: session, digits: 8, at: start + head.session, into: &bytes)
        return identifier..<(identifier + 8)
    }

    /// Appends a product, its category, its price in cents and how many pieces, without braces.
    func appendProduct(
        _ product: Int, category: Int, cents: Int, quantity pieces: Int, to buffer: inout [UInt8]
    ) {
        let start = buffer.count
        buffer.append(contentsOf: products[category])
        var bytes = buffer.mutableSpan
        let number = product * Self.categories.count + category
        TextFields.write(decimal: number, digits: 5, at: start + 15, into: &bytes)
        appendDecimal(cents / 100, to: &buffer)
        buffer.append(UInt8(ascii: "."))
        appendDigit(cents / 10 % 10, to: &buffer)
        appendDigit(cents % 10, to: &buffer)
        buffer.append(contentsOf: quantity)
        appendDecimal(pieces, to: &buffer)
    }

    /// Appends `count` items as a basket; `body` writes the inside of one.
    func appendItems(count: Int, to buffer: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        buffer.append(contentsOf: items)
        for index in 0..<count {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            buffer.append(UInt8(ascii: "{"))
            body(&buffer)
            buffer.append(UInt8(ascii: "}"))
        }
        buffer.append(UInt8(ascii: "]"))
    }

    /// Appends the channel, the customer's store if the channel is one, and the closing brace.
    func appendEnding(channel: Int, customer: Int, to buffer: inout [UInt8]) {
        buffer.append(contentsOf: endings[channel])
        guard channel == Self.channels.count - 1 else { return }
        let position = buffer.count - 4
        var bytes = buffer.mutableSpan
        TextFields.write(decimal: customer % Self.stores, digits: 2, at: position, into: &bytes)
    }

    private func appendDecimal(_ value: Int, to buffer: inout [UInt8]) {
        var digits = 1
        var bound = 10
        while value >= bound {
            digits += 1
            bound *= 10
        }
        while digits > 0 {
            bound /= 10
            appendDigit(value / bound % 10, to: &buffer)
            digits -= 1
        }
    }

    private func appendDigit(_ digit: Int, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
    }
}
