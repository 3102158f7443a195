internal import Foundation
internal import ShoalTestSupport
internal import Testing

/// The reference itself, against numbers worked out by hand.
@Suite struct ReferenceFeaturesTests {
    private static let day: Int64 = 86_400_000
    private static let hour: Int64 = 3_600_000
    private static let purchases: ReferenceFilter = ["type": ["purchase"]]

    private func value(
        _ kind: ReferenceFeature.Kind, of events: [ReferenceEvent], at time: Int64,
        transform: ReferenceFeature.Transform = .none, clip: ClosedRange<Double>? = nil
    ) -> Double {
        var customer = ReferenceCustomer()
        for event in events { customer.receive(event) }
        let feature = ReferenceFeature("feature", kind, transform: transform, clip: clip)
        return ReferenceFeatures(of: customer, at: time).value(feature)
    }

    private func purchase(_ day: Int64, _ amount: Double? = nil) -> ReferenceEvent {
        ReferenceEvent(
            "purchase", at: day * Self.day, fields: amount.map { ["amount": .number($0)] } ?? [:])
    }

    private func isClose(_ left: Double, _ right: Double) -> Bool { abs(left - right) < 1e-12 }

    @Test func `a count halves every half-life, wherever a late event arrives`() {
        let events = [purchase(1), purchase(3), purchase(2)]
        let kind = ReferenceFeature.Kind.count(Self.purchases, halfLife: Self.day)
        // At day 3: 1/4 + 1 + 1/2; a day later half of it.
        #expect(isClose(value(kind, of: events, at: 3 * Self.day), 1.75))
        #expect(isClose(value(kind, of: events, at: 4 * Self.day), 0.875))
        #expect(isClose(value(.count([:], halfLife: Self.day), of: [], at: 0), 0))
        #expect(isClose(value(.count(["type": ["return"]], halfLife: 1), of: events, at: 3 * Self.day), 0))
    }

    @Test func `a sum subtracts the size of what is in minus`() {
        let give = { (amount: Double) in
            ReferenceEvent("return", at: 2 * Self.day, fields: ["amount": .number(amount)])
        }
        let kind = ReferenceFeature.Kind.sum(
            of: "amount", Self.purchases, minus: ["return"], halfLife: Self.day)
        // 80/2 − 10 − 5 + nothing.
        let events = [purchase(1, 80), give(10), give(-5), purchase(2)]
        #expect(isClose(value(kind, of: events, at: 2 * Self.day), 25))
        let plain = ReferenceFeature.Kind.sum(of: "amount", Self.purchases, halfLife: Self.day)
        #expect(isClose(value(plain, of: events, at: 2 * Self.day), 40))
    }

    @Test func `a mean is over the events that have the field`() {
        let kind = ReferenceFeature.Kind.mean(of: "amount", Self.purchases, halfLife: Self.day)
        // (10/2 + 40) / (1/2 + 1)
        let events = [purchase(1, 10), purchase(2), purchase(2, 40)]
        #expect(isClose(value(kind, of: events, at: 2 * Self.day), 30))
        #expect(isClose(value(kind, of: events, at: 12 * Self.day), 30))
        // 2^−40 of an event is none.
        #expect(value(kind, of: events, at: 42 * Self.day) == 0)
        #expect(value(kind, of: [], at: 0) == 0)
    }

    @Test func `ratios and shares lean on their prior`() {
        let events = [
            ReferenceEvent("product_view", at: 0), ReferenceEvent("product_view", at: 0),
            ReferenceEvent("add_to_cart", at: 0, fields: ["channel": "store"]),
        ]
        let cart: ReferenceFilter = ["type": ["add_to_cart"]]
        let view: ReferenceFilter = ["type": ["product_view"]]
        #expect(isClose(value(.ratio(of: cart, to: view, halfLife: 1), of: events, at: 0), 1.0 / 3))
        let wary = ReferenceFeature.Kind.ratio(
            of: cart, to: view, prior: .value(0.5), priorWeight: 4, halfLife: 1)
        #expect(isClose(value(wary, of: events, at: 0), 0.5))
        #expect(isClose(value(.share(of: ["channel": ["store"]], halfLife: 1), of: events, at: 0), 0.25))
        let none = ReferenceFeature.Kind.share(of: ["channel": ["store"]], among: view, halfLife: 1)
        #expect(value(none, of: events, at: 0) == 0)

        var customer = ReferenceCustomer()
        customer.receive(events[2])
        let average = ReferenceFeature(
            "store", .share(of: ["channel": ["store"]], prior: .population, halfLife: 1))
        #expect(isClose(ReferenceFeatures(of: customer, at: 0).value(average), 0.5))
        let told = ReferenceFeatures(of: customer, at: 0, populationPriors: ["store": 0.2])
        #expect(isClose(told.value(average), 0.6))
        #expect(told.evidence(average)?.part == 1)
    }

    @Test func `since counts hours up to its cap`() {
        let kind = ReferenceFeature.Kind.since(Self.purchases, cap: 3 * Self.day)
        #expect(value(kind, of: [purchase(5), purchase(4)], at: 6 * Self.day) == 24)
        #expect(value(kind, of: [purchase(5)], at: 60 * Self.day) == 72)
        #expect(value(kind, of: [], at: 0) == 72)
    }

    @Test func `gaps are between events newer than all before them`() {
        let kind = ReferenceFeature.Kind.gap(Self.purchases, halfLife: Self.day)
        // Gaps of 24 h at day 2 and 48 h at day 4; the late and the simultaneous one make none.
        let events = [purchase(1), purchase(2), purchase(2), purchase(1), purchase(4)]
        #expect(isClose(value(kind, of: events, at: 4 * Self.day), (24 * 0.25 + 48) / 1.25))
        #expect(value(kind, of: [purchase(1)], at: 4 * Self.day) == 0)
    }

    @Test func `a trend compares two paces`() {
        let kind = ReferenceFeature.Kind.trend(of: [:], short: Self.hour, long: 2 * Self.hour)
        let events = [ReferenceEvent("a", at: 0), ReferenceEvent("a", at: 2 * Self.hour)]
        let expected = log2((1.25 / 1 + 0.001) / (1.5 / 2 + 0.001))
        #expect(isClose(value(kind, of: events, at: 2 * Self.hour), expected))
        #expect(value(kind, of: [], at: 0) == 0)
    }

    @Test func `the last value is the newest, then the later arrival`() {
        let score = { (time: Int64, value: ReferenceValue) in
            ReferenceEvent("review", at: time, fields: ["properties.nps": value])
        }
        let kind = ReferenceFeature.Kind.last(of: "properties.nps")
        #expect(value(kind, of: [score(5, 7), score(3, 9)], at: 5) == 7)
        #expect(value(kind, of: [score(5, 7), score(5, 9)], at: 5) == 9)
        #expect(value(kind, of: [score(5, 7), score(6, "much"), score(6, true)], at: 6) == 1)
        #expect(value(kind, of: [score(5, "much")], at: 5) == 0)
    }

    @Test func `distinct tells kinds and bytes apart`() {
        let values: [ReferenceValue] = ["7", 7, true, "é", "e\u{301}", "7"]
        let events = values.map { ReferenceEvent("a", at: 0, fields: ["product_id": $0]) }
        #expect(value(.distinct(of: "product_id"), of: events, at: 0) == 5)
        #expect(value(.distinct(of: "product_id", ["product_id": ["7"]]), of: events, at: 0) == 1)
    }

    @Test func `transforms and clips come last`() {
        let kind = ReferenceFeature.Kind.sum(of: "amount", [:], halfLife: Self.day)
        #expect(isClose(value(kind, of: [purchase(0, 3)], at: 0, transform: .log1p), log(4)))
        #expect(value(kind, of: [purchase(0, -3)], at: 0, transform: .log1p) == 0)
        #expect(value(kind, of: [purchase(0, 9)], at: 0, transform: .sqrt) == 3)
        #expect(value(kind, of: [purchase(0, -9)], at: 0, transform: .sqrt) == 0)
        #expect(isClose(value(kind, of: [purchase(0, -3)], at: 0, transform: .asinh), -asinh(3)))
        #expect(value(kind, of: [purchase(0, 9)], at: 0, transform: .sqrt, clip: -1...2) == 2)
    }
}
