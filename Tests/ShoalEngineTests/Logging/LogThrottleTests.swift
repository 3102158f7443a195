import ShoalEngine
import Testing

@Suite struct LogThrottleTests {
    @Test func `a site logs once per interval and says what was held back`() {
        var throttle = LogThrottle(intervalMilliseconds: 10_000)
        let verdicts = [0, 1, 9_999, 10_000, 10_001, 30_000, 50_000].map {
            throttle.judge(site: "decode", now: $0)
        }
        #expect(
            verdicts == [
                .admit(heldBack: 0), .hold, .hold, .admit(heldBack: 2), .hold, .admit(heldBack: 1),
                .admit(heldBack: 0),
            ])
    }

    @Test func `sites do not hold each other back`() {
        var throttle = LogThrottle(intervalMilliseconds: 10_000)
        #expect(throttle.judge(site: "decode", now: 0) == .admit(heldBack: 0))
        #expect(throttle.judge(site: "commit", now: 1) == .admit(heldBack: 0))
        #expect(throttle.judge(site: "decode", now: 2) == .hold)
    }
}
