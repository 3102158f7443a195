import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// Week-ends are no drift, and drift is found whatever the day.
@Suite struct WeekTests {
    /// Standard deviations by which a week-end differs, in these streams.
    private static let weekendShift = 1.0

    /// Batches of 64 values of one feature, one batch in `milliseconds`, with a week-end that differs and
    /// begins so many hours after midnight.
    private func alerts(
        days: Int, seed: UInt64, shift: (Int64) -> Double = { _ in 0 }, milliseconds: Int64 = 600_000
    ) -> [DriftAlert] {
        var streams = DriftStreams(seed: seed)
        var watched = WatchedStream()
        let day: Int64 = 86_400_000
        for batch in 1..<Int64(days) * day / milliseconds {
            let time = WatchedStream.start + batch * milliseconds
            // 2026-01-01 was a Thursday.
            let weekday = (time - WatchedStream.start) / day % 7
            let level = (weekday == 2 || weekday == 3 ? Self.weekendShift : 0) + shift(time)
            let values = streams.values(64) { streams, _ in streams.bell() + level }
            watched.absorb(WatchedStream.input([values[...]], at: time))
        }
        return watched.alerts
    }

    @Test(arguments: Build.affordable([1, 42, 20_260_401] as [UInt64]), [600_000, 3_840_000] as [Int64])
    func `five weeks whose week-ends differ raise nothing, the first week-end included`(
        seed: UInt64, milliseconds: Int64
    ) {
        let alerts = alerts(days: 35, seed: seed, milliseconds: milliseconds)
        #expect(alerts.isEmpty, "seed \(seed), \(milliseconds) ms: \(alerts.map(\.headline))")
    }

    @Test(arguments: Build.affordable([8, 15, 16, 17, 18, 26] as [Int64]))
    func `a change is found within hours on any day of the week, once, and in its own size`(day: Int64) throws
    {
        let moment = WatchedStream.start + day * 86_400_000 + 10 * 3_600_000
        let raised = alerts(days: 35, seed: 7) { $0 >= moment ? 0.5 : 0 }.filter { $0.state == .raised }
        let first = try #require(raised.first, "day \(day)")
        #expect(raised.count == 1, "day \(day): \(raised.map(\.headline))")
        #expect(first.sinceMilliseconds >= moment, "day \(day)")
        #expect(first.sinceMilliseconds - moment < 12 * 3_600_000, "day \(day)")
        #expect(abs(first.size - 0.5) < 0.25, "day \(day): \(first.size)")
    }

    @Test func `a change too slow for any day to show it is found when it has added up`() {
        let day = 86_400_000.0
        let raised = alerts(days: 49, seed: 3) { time in
            0.02 * max(0, Double(time - WatchedStream.start) / day - 14)
        }.filter { $0.state == .raised }
        #expect(!raised.isEmpty)
        #expect(raised.allSatisfy { $0.direction == .up })
    }
}
