import ShoalEngine
import Testing

@Suite struct RateMeterTests {
    @Test func `a steady total gives its rate, however often it is asked`() {
        var meter = RateMeter()
        var rates: [Double] = []
        for now in stride(from: 0 as Int64, through: 20_000, by: 100) {
            rates.append(meter.rate(total: Int(now) * 3, now: now))
        }
        #expect(rates[0] == 0)
        #expect(rates.dropFirst().allSatisfy { abs($0 - 3_000) < 1e-6 })
    }

    @Test func `a total that stands still falls to zero within its window`() {
        var meter = RateMeter()
        _ = meter.rate(total: 0, now: 0)
        _ = meter.rate(total: 9_000, now: 1_000)
        var last = 1.0
        for now in stride(from: 1_500 as Int64, through: 12_000, by: 500) {
            last = meter.rate(total: 9_000, now: now)
        }
        #expect(last == 0)
    }
}
