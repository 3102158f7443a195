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
}
