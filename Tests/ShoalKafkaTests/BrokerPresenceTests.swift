import Testing

@testable import ShoalKafka

@Suite struct BrokerPresenceTests {
    @Test func `away and back are each said once, and back never first`() {
        var presence = BrokerPresence()
        #expect(presence.sawAnswer() == .none)
        #expect(presence.sawAllDown() == .away)
        #expect(presence.sawAllDown() == .none)
        #expect(presence.sawAnswer() == .back)
        #expect(presence.sawAnswer() == .none)
        #expect(presence.sawAllDown() == .away)
    }

    @Test func `statistics that were begun before the brokers went away do not bring them back`() {
        var presence = BrokerPresence()
        #expect(presence.sawStatistics(isUp: true) == .none)
        #expect(presence.sawAllDown() == .away)
        #expect(presence.sawStatistics(isUp: true) == .none)
        #expect(presence.sawStatistics(isUp: false) == .none)
        // Up for a moment, and down again.
        #expect(presence.sawAllDown() == .none)
        #expect(presence.sawStatistics(isUp: true) == .none)
        #expect(presence.isAway)
        #expect(presence.sawStatistics(isUp: true) == .back)
        #expect(!presence.isAway)
    }
}
