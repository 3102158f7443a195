internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// What the reference counts as an event, and what of it a filter sees.
@Suite struct ReferenceHistoryTests {
    private func raw(_ kind: ReferenceFeature.Kind, of events: [ReferenceEvent]) -> Double {
        var customer = ReferenceCustomer()
        for event in events { customer.receive(event) }
        let time = customer.newestTimeMilliseconds ?? 0
        return ReferenceFeatures(of: customer, at: time).raw(ReferenceFeature("feature", kind))
    }

    private func item(
        _ category: ReferenceValue, _ product: ReferenceValue, quantity: Double? = nil, price: Double? = nil
    ) -> ReferenceEvent.Item {
        ReferenceEvent.Item(
            fields: ["category": category, "product_id": product], quantity: quantity, price: price)
    }

    @Test func `money is given, or a basket's, or price times quantity`() {
        let basket = [
            item("food", "p1", quantity: 2, price: 3), item("toys", "p2", price: 5), item("home", "p3"),
        ]
        let prices: [String: ReferenceValue] = ["price": 4, "quantity": 3]
        #expect(ReferenceEvent("a", at: 0, fields: ["amount": 1, "price": 4], items: basket).amount == 1)
        #expect(ReferenceEvent("a", at: 0, fields: prices, items: basket).amount == 11)
        #expect(ReferenceEvent("a", at: 0, fields: prices).amount == 12)
        #expect(ReferenceEvent("a", at: 0, fields: ["price": 4]).amount == 4)
        #expect(ReferenceEvent("a", at: 0, fields: ["quantity": 4]).amount == nil)
    }

    @Test func `a filter on items takes the matching items alone`() {
        let basket = [
            item("food", "p1", quantity: 2, price: 3), item("toys", "p2", price: 5),
            item("food", "p3", price: 1),
        ]
        let events = [ReferenceEvent("purchase", at: 0, fields: ["amount": 100], items: basket)]
        let food: ReferenceFilter = ["type": ["purchase"], "category": ["food"]]
        #expect(raw(.count(food, halfLife: 1), of: events) == 1)
        #expect(raw(.sum(of: "amount", food, halfLife: 1), of: events) == 7)
        #expect(raw(.mean(of: "amount", food, halfLife: 1), of: events) == 7)
        #expect(raw(.sum(of: "amount", [:], halfLife: 1), of: events) == 100)
        #expect(raw(.distinct(of: "product_id", food), of: events) == 2)
        #expect(raw(.distinct(of: "product_id"), of: events) == 3)
        #expect(raw(.count(["category": ["home"]], halfLife: 1), of: events) == 0)
        #expect(raw(.count(["category": ["home", "toys"]], halfLife: 1), of: events) == 1)
    }

    @Test func `two conditions on items must hold for one item`() {
        let basket = [item("food", "p1", price: 3), item("toys", "p2", price: 5)]
        let events = [ReferenceEvent("purchase", at: 0, items: basket)]
        #expect(raw(.count(["category": ["food"], "product_id": ["p1"]], halfLife: 1), of: events) == 1)
        #expect(raw(.count(["category": ["food"], "product_id": ["p2"]], halfLife: 1), of: events) == 0)
    }

    @Test func `the event's own fields match where no item does`() {
        let own = ReferenceEvent(
            "purchase", at: 0, fields: ["category": "food", "product_id": "p9", "amount": 40],
            items: [item("toys", "p2", price: 5)])
        let food: ReferenceFilter = ["category": ["food"]]
        #expect(raw(.sum(of: "amount", food, halfLife: 1), of: [own]) == 40)
        #expect(raw(.distinct(of: "product_id", food), of: [own]) == 1)
        #expect(raw(.distinct(of: "product_id"), of: [own]) == 2)
        #expect(raw(.sum(of: "amount", ["category": ["toys"]], halfLife: 1), of: [own]) == 5)
    }

    @Test func `returns under a filter on items subtract the matching items`() {
        let returned = ReferenceEvent(
            "return", at: 0, items: [item("food", "p1", price: 3), item("toys", "p2", price: 5)])
        let kind = ReferenceFeature.Kind.sum(
            of: "amount", ["type": ["purchase"], "category": ["food"]], minus: ["return"], halfLife: 1)
        #expect(raw(kind, of: [returned]) == -3)
    }

    @Test func `the last eight ids are remembered, first in first out`() {
        var customer = ReferenceCustomer()
        for number in 0..<8 {
            #expect(customer.receive(ReferenceEvent("a", at: 0, identifier: "\(number)")) == .absorbed)
        }
        #expect(customer.receive(ReferenceEvent("a", at: 0, identifier: "0")) == .duplicate)
        #expect(customer.receive(ReferenceEvent("a", at: 0)) == .absorbed)
        #expect(customer.receive(ReferenceEvent("a", at: 0, identifier: "8")) == .absorbed)
        #expect(customer.receive(ReferenceEvent("a", at: 0, identifier: "1")) == .duplicate)
        #expect(customer.receive(ReferenceEvent("a", at: 0, identifier: "0")) == .absorbed)
        #expect(customer.events.count == 11)
    }

    @Test func `without consent nothing counts and no time passes, and forget forgets`() {
        var customer = ReferenceCustomer()
        customer.receive(ReferenceEvent("a", at: 5, identifier: "x"))
        #expect(customer.receive(ReferenceEvent("consent_withdrawn", at: 9)) == .control)
        #expect(customer.receive(ReferenceEvent("a", at: 10, identifier: "y")) == .ignored)
        #expect(customer.isFrozen)
        #expect(customer.newestTimeMilliseconds == 5)
        #expect(customer.receive(ReferenceEvent("consent_granted", at: 11)) == .control)
        #expect(customer.receive(ReferenceEvent("identify", at: 12)) == .control)
        #expect(customer.receive(ReferenceEvent("a", at: 7, identifier: "y")) == .absorbed)
        #expect(customer.newestTimeMilliseconds == 7)
        #expect(customer.receive(ReferenceEvent("forget", at: 13)) == .control)
        #expect(customer.events.isEmpty)
        #expect(customer.receive(ReferenceEvent("a", at: 1, identifier: "x")) == .absorbed)
    }

    @Test func `a canonical event is read with the kinds of its values`() throws {
        let json = """
            {"type":"purchase","timestamp":"2026-01-01T01:00:00.1239+01:00","event_id":"e1",
             "channel":null,"category":"food","price":1,"coupon":true,"properties":{"nps":9,"deep":{"a":"b"}},
             "items":[{"product_id":"p1","quantity":2,"price":1.5},{"category":7}]}
            """
        let event = try ReferenceEvent(json: Data(json.utf8))
        #expect(event.type == "purchase")
        #expect(event.timeMilliseconds == 1_767_225_600_123)
        #expect(event.identifier == "e1")
        #expect(event.fields["channel"] == nil)
        #expect(event.fields["price"] == 1)
        #expect(event.fields["coupon"] == true)
        #expect(event.fields["properties.nps"] == 9)
        #expect(event.fields["properties.deep.a"] == "b")
        #expect(event.items.count == 2)
        #expect(event.items[1].fields["category"] == 7)
        #expect(event.amount == 3)
        let number = try ReferenceEvent(json: Data(#"{"type":"a","timestamp":1767225600123}"#.utf8))
        #expect(number.timeMilliseconds == 1_767_225_600_123)
        #expect(throws: (any Error).self) { try ReferenceEvent(json: Data(#"{"timestamp":0}"#.utf8)) }
    }
}
