internal import Testing
internal import ShoalEngine

@Suite struct FlowMeterTests {
    private func count(_ size: Int, _ entered: Int, _ left: Int) -> [String: FlowMeter.Count] {
        ["s1": FlowMeter.Count(size: size, entered: entered, left: left)]
    }

    @Test func `rates are per minute of the clock, volatility per day of the stream`() {
        var meter = FlowMeter(windowSeconds: 10, trendCount: 60)
        meter.add(count(100, 100, 0), seconds: 10, streamDays: 10)
        #expect(meter.rate(of: "s1") == FlowRate())
        meter.add(count(150, 200, 50), seconds: 15, streamDays: 12)
        let rate = meter.rate(of: "s1")
        #expect(rate.enteredPerMinute == 1_200)
        #expect(rate.leftPerMinute == 600)
        // (100 + 50) / 150 customers in two days.
        #expect(rate.volatilityPerDay == 0.5)
        #expect(meter.rate(of: "s2") == FlowRate())
    }

    @Test func `what happened before the window is forgotten`() {
        var meter = FlowMeter(windowSeconds: 10, trendCount: 60)
        meter.add(count(10, 0, 0), seconds: 0, streamDays: 0)
        for second in 1...30 {
            meter.add(count(1_000, 1_000, 0), seconds: Double(second), streamDays: Double(second))
        }
        #expect(meter.rate(of: "s1").enteredPerMinute == 0)
        #expect(meter.rate(of: "s1").volatilityPerDay == 0)
    }

    @Test func `a segment born within the window counts from its birth`() {
        var meter = FlowMeter(windowSeconds: 10, trendCount: 60)
        meter.add([:], seconds: 0, streamDays: 0)
        meter.add(count(10, 10, 0), seconds: 5, streamDays: 5)
        meter.add(count(20, 20, 0), seconds: 6, streamDays: 6)
        #expect(meter.rate(of: "s1").enteredPerMinute == 600)
        #expect(meter.trend(of: "s1") == [10, 20])
        meter.add([:], seconds: 7, streamDays: 7)
        #expect(meter.trend(of: "s1").isEmpty)
    }

    @Test func `a stream that stands still has no volatility`() {
        var meter = FlowMeter(windowSeconds: 10, trendCount: 60)
        meter.add(count(0, 0, 0), seconds: 0, streamDays: 3)
        meter.add(count(0, 5, 5), seconds: 1, streamDays: 3)
        #expect(meter.rate(of: "s1").volatilityPerDay == 0)
    }
}
