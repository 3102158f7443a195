internal import ShoalEngine
@testable internal import ShoalService
internal import Synchronization
internal import Testing

@Suite struct LiveFeedTests {
    private final class Clock: Sendable {
        let now = Atomic<Int64>(0)
    }

    private func change(_ customer: String, from: Int?, to: Int?) -> FollowedChange {
        func place(_ id: Int?) -> String { id.map { #"{"id":"s\#($0)","name":"n"}"# } ?? "null" }
        let json =
            #"{"schema":"shoal.segment-change/1","customer_id":"\#(customer)","from":\#(place(from)),"#
            + #""to":\#(place(to)),"cause":"event"}"#
        return FollowedChange(customer: Array(customer.utf8), value: Array(json.utf8))
    }

    private func feed(_ count: Int) -> LiveFeed {
        let feed = LiveFeed { 0 }
        feed.receive(changes: (0..<count).map { change("c\($0)", from: $0 % 3 == 0 ? nil : 1, to: 2) })
        return feed
    }

    private func customers(_ portion: LiveFeed.Portion) -> [String] {
        portion.changes.map { String(decoding: $0.change.customer, as: UTF8.self) }
    }

    @Test func `a subscriber gets what came since, in order and once`() {
        let feed = feed(3)
        var portion = feed.portion(from: 0, ChangeFilter(), bytesMax: .max)
        #expect(customers(portion) == ["c0", "c1", "c2"])
        feed.receive(changes: [change("d", from: nil, to: 1)])
        portion = feed.portion(from: portion.next, ChangeFilter(), bytesMax: .max)
        #expect(customers(portion) == ["d"])
        #expect(portion.missed == 0)
        #expect(feed.portion(from: portion.next, ChangeFilter(), bytesMax: .max).changes.isEmpty)
    }

    @Test func `a portion ends where its bytes do, and the next goes on there`() {
        let feed = feed(10)
        let size = feed.portion(from: 0, ChangeFilter(), bytesMax: 1).changes[0].change.json.count
        var next = 0
        var found: [String] = []
        for _ in 0..<10 {
            let portion = feed.portion(from: next, ChangeFilter(), bytesMax: size * 3)
            #expect(portion.changes.count <= 3)
            found += customers(portion)
            next = portion.next
        }
        #expect(found == (0..<10).map { "c\($0)" })
    }

    @Test func `whoever is overtaken is told by how many`() {
        let feed = feed(LiveFeed.changesMax + 100)
        let portion = feed.portion(from: 40, ChangeFilter(), bytesMax: 1)
        #expect(portion.missed == 60)
        #expect(customers(portion) == ["c100"])
        var next = 200
        #expect(feed.skip(&next, beyond: 10, keeping: 4) == LiveFeed.changesMax + 100 - 4 - 200)
        #expect(feed.portion(from: next, ChangeFilter(), bytesMax: .max).changes.count == 4)
        #expect(feed.skip(&next, beyond: 10, keeping: 4) == 0)
    }

    @Test func `a filter keeps a segment's arrivals and departures, and a customer`() {
        let feed = LiveFeed { 0 }
        feed.receive(changes: [
            change("a", from: nil, to: 1), change("b", from: 1, to: 2), change("a", from: 3, to: nil),
            change("c", from: 12, to: 11),
        ])
        func found(_ filter: ChangeFilter) -> [String] {
            customers(feed.portion(from: 0, filter, bytesMax: .max))
        }
        #expect(found(ChangeFilter(segment: 1)) == ["a", "b"])
        #expect(found(ChangeFilter(segment: 3)) == ["a"])
        #expect(found(ChangeFilter(customer: Array("a".utf8))) == ["a", "a"])
        #expect(found(ChangeFilter(segment: 1, customer: Array("a".utf8))) == ["a"])
        #expect(feed.recentChanges(of: Array("a".utf8), countMax: 5).map(\.origin) == [3, nil])
    }

    @Test func `changes are wanted while somebody listens, and for a minute after`() {
        let clock = Clock()
        let feed = LiveFeed { clock.now.load(ordering: .relaxed) }
        #expect(feed.changeBytesPerSecond == 0)
        #expect(feed.join(ChangeFilter()))
        #expect(feed.changeBytesPerSecond > 0)
        feed.leave(ChangeFilter())
        clock.now.store(59_999, ordering: .relaxed)
        #expect(feed.changeBytesPerSecond > 0)
        clock.now.store(60_000, ordering: .relaxed)
        #expect(feed.changeBytesPerSecond == 0)
        feed.close()
        #expect(!feed.join(ChangeFilter()))
    }

    @Test func `no more is read than one of many can be told, unless somebody looks for few`() {
        let feed = LiveFeed { 0 }
        for _ in 0..<4 { #expect(feed.join(ChangeFilter())) }
        #expect(feed.changeBytesPerSecond == LiveFeed.bytesPerSecond / 4)
        for _ in 0..<996 { #expect(feed.join(ChangeFilter())) }
        #expect(feed.changeBytesPerSecond == 1_000_000)
        let filter = ChangeFilter(segment: 3)
        #expect(feed.join(filter))
        #expect(feed.changeBytesPerSecond == .max)
        feed.leave(filter)
        #expect(feed.changeBytesPerSecond == 1_000_000)
    }

    @Test func `changes that nobody read are missed by everybody, and only once`() {
        let feed = feed(3)
        feed.passedOver(changes: 40)
        feed.receive(changes: [change("d", from: nil, to: 1), change("e", from: nil, to: 1)])
        feed.passedOver(changes: 2)
        var portion = feed.portion(from: 1, ChangeFilter(), bytesMax: .max)
        #expect(customers(portion) == ["c1", "c2", "d", "e"])
        #expect(portion.missed == 42)
        #expect(portion.changes.map(\.sequence) == [1, 2, 43, 44])
        #expect(portion.next == 47)
        feed.receive(changes: [change("f", from: nil, to: 1)])
        portion = feed.portion(from: portion.next, ChangeFilter(), bytesMax: .max)
        #expect(customers(portion) == ["f"])
        #expect(portion.missed == 0)
        // Whoever stops in between hears of the gap when they come to it.
        portion = feed.portion(from: 2, ChangeFilter(), bytesMax: 1)
        #expect(portion.missed == 0)
        #expect(portion.next == 3)
        // However far the numbers are apart, four changes are not far behind.
        var next = 2
        #expect(feed.skip(&next, beyond: 4, keeping: 1) == 0)
        #expect(feed.skip(&next, beyond: 3, keeping: 1) == 45)
    }

    @Test func `after a time of not listening there is a gap, and nothing is told twice`() {
        let feed = feed(5)
        feed.missedChanges()
        feed.receive(changes: [change("d", from: nil, to: 1)])
        let portion = feed.portion(from: 5, ChangeFilter(), bytesMax: .max)
        #expect(portion.missed > 0)
        #expect(customers(portion) == ["d"])
    }

    @Test func `what others write into the topics is told to nobody`() {
        let feed = LiveFeed { 0 }
        let whole = change("a", from: nil, to: 1)
        for value in ["", "{}", "not JSON", String(decoding: whole.value, as: UTF8.self) + "\n\nevent: x"] {
            feed.receive(changes: [FollowedChange(customer: [], value: Array(value.utf8))])
        }
        feed.receive(alerts: [Array("{}".utf8), Array("x".utf8)])
        #expect(feed.newest == 0)
        #expect(feed.alerts(from: 0).records.isEmpty)
    }

    @Test func `alerts are kept, and each is told once`() {
        let feed = LiveFeed { 0 }
        let alerts = (0..<LiveFeed.alertsMax + 5).map {
            Array(#"{"alert_id":"a\#($0)","state":"raised"}"#.utf8)
        }
        feed.receive(alerts: alerts)
        let first = feed.alerts(from: 0)
        #expect(first.records.count == LiveFeed.alertsMax)
        #expect(first.records.last?.json == alerts.last)
        #expect(feed.alerts(from: first.next).records.isEmpty)
        #expect(feed.alerts(from: first.next - 1).records.map(\.json) == [alerts[alerts.count - 1]])
    }
}
