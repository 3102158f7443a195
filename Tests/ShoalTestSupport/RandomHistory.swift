internal import ShoalCore

/// A made-up stream of canonical events that has everything in it: late and repeated events, returns,
/// baskets, missing fields, other kinds of values, consent and erasure.
package struct RandomHistory {
    package static let startMilliseconds: Int64 = 1_767_225_600_000

    private var generator: SeededGenerator
    private var time = Self.startMilliseconds
    private var recentIDs: [String] = []
    package let customers: Int
    package let hasControlEvents: Bool

    package init(seed: UInt64, customers: Int, hasControlEvents: Bool = true) {
        generator = SeededGenerator(seed: seed)
        self.customers = customers
        self.hasControlEvents = hasControlEvents
    }

    private mutating func chance(_ share: Double) -> Bool { generator.nextUnit() < share }

    private mutating func pick(_ choices: [String]) -> String {
        choices[generator.nextIndex(below: choices.count)]
    }

    /// The next event as a line of JSON.
    package mutating func next() -> String {
        time += Int64(generator.nextIndex(below: 4_000_000))
        let late = chance(0.1) ? Int64(generator.nextIndex(below: 90_000_000)) : 0
        let customer = "c\(generator.nextIndex(below: customers))"
        var fields = ["\"customer_id\":\"\(customer)\"", "\"timestamp\":\(time - late)"]
        if hasControlEvents, chance(0.02) {
            let type = pick(["consent_withdrawn", "consent_granted", "consent_granted", "identify", "forget"])
            fields.append("\"type\":\"\(type)\"")
            if type == "identify" { fields.append("\"anonymous_id\":\"visitor \(time % 13)\"") }
            return "{" + fields.joined(separator: ",") + "}"
        }
        let type = pick(["product_view", "product_view", "search", "add_to_cart", "purchase", "return"])
        fields.append("\"type\":\"\(type)\"")
        fields.append("\"event_id\":\"\(identifier())\"")
        if chance(0.8) {
            fields.append("\"category\":\"\(pick(["food", "toys", "shoes", "home & garden"]))\"")
        }
        if chance(0.7) { fields.append("\"product_id\":\"p\(generator.nextIndex(below: 40))\"") }
        if chance(0.9) { fields.append("\"channel\":\"\(pick(["web", "app", "store"]))\"") }
        if chance(0.6) { fields.append("\"price\":\(Double(generator.nextIndex(below: 20_000)) / 100)") }
        if chance(0.4) { fields.append("\"quantity\":\(generator.nextIndex(below: 5))") }
        if chance(0.2) {
            fields.append("\"amount\":\(Double(generator.nextIndex(below: 30_000)) / 100 - 20)")
        }
        if chance(0.2) { fields.append("\"items\":[\(items())]") }
        if chance(0.3) {
            fields.append("\"properties\":{\"nps\":\(pick(["0", "7", "9.5", "true", "null", "\"7\""]))}")
        }
        return "{" + fields.joined(separator: ",") + "}"
    }

    private mutating func identifier() -> String {
        if !recentIDs.isEmpty, chance(0.05) { return recentIDs[generator.nextIndex(below: recentIDs.count)] }
        let identifier = "e\(generator.next())"
        recentIDs.append(identifier)
        if recentIDs.count > 30 { recentIDs.removeFirst() }
        return identifier
    }

    private mutating func items() -> String {
        (0..<generator.nextIndex(below: 4)).map { _ in
            var fields: [String] = []
            if chance(0.8) { fields.append("\"category\":\"\(pick(["food", "toys", "shoes"]))\"") }
            if chance(0.8) { fields.append("\"product_id\":\"p\(generator.nextIndex(below: 40))\"") }
            if chance(0.8) { fields.append("\"quantity\":\(generator.nextIndex(below: 4))") }
            if chance(0.8) { fields.append("\"price\":\(Double(generator.nextIndex(below: 5_000)) / 100)") }
            return "{" + fields.joined(separator: ",") + "}"
        }.joined(separator: ",")
    }
}
