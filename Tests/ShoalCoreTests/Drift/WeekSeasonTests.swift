import Foundation
import ShoalCore
import ShoalTestSupport
import Testing

/// Days of a week that have daily rhythms of their own are no drift, and drift is found among them.
@Suite struct WeekSeasonTests {
    enum Week: CaseIterable {
        /// Week-ends run six hours late.
        case lateWeekends
        /// Two rushes on working days, a long afternoon at week-ends.
        case rushHours
        /// Saturdays and Sundays differ from each other too, in rhythm and in level.
        case sundays

        /// Standard deviations above the mean; 0 is Monday.
        func level(weekday: Int64, hour: Double) -> Double {
            let isWeekend = weekday >= 5
            return switch self {
            case .lateWeekends: 1.5 * Self.wave(hour - (isWeekend ? 6 : 0))
            case .rushHours:
                isWeekend
                    ? 2 * Self.bump(hour, at: 15, width: 4) - 0.3
                    : 1.5 * Self.bump(hour, at: 9, width: 1.5) + 2 * Self.bump(hour, at: 18, width: 2)
            case .sundays:
                weekday == 5
                    ? Self.wave(hour - 4) + 0.5
                    : weekday == 6 ? 0.5 * Self.wave(hour - 8) - 0.5 : Self.wave(hour)
            }
        }

        private static func wave(_ hour: Double) -> Double { sin(2 * .pi * hour / 24) }

        private static func bump(_ hour: Double, at middle: Double, width: Double) -> Double {
            let distance = min(abs(hour - middle), 24 - abs(hour - middle))
            return exp(-distance * distance / (2 * width * width))
        }
    }

    private static let day: Int64 = 86_400_000

    /// Batches of 64 values of one feature, one batch in `milliseconds`; the first day is a Thursday.
    private func alerts(
        _ week: Week, seed: UInt64, days: Int64 = 35, milliseconds: Int64 = 600_000,
        change: (Int64, Double, inout Double) -> Void = { _, _, _ in }
    ) -> [DriftAlert] {
        var streams = DriftStreams(seed: seed)
        var watched = WatchedStream()
        for batch in 1..<days * Self.day / milliseconds {
            let time = WatchedStream.start + batch * milliseconds
            let weekday = (time / Self.day + 3) % 7
            let hour = Double(time % Self.day) / 3_600_000
            let level = week.level(weekday: weekday, hour: hour)
            let values = streams.values(64) { streams, _ in
                var value = level + streams.bell()
                change(time, level, &value)
                return value
            }
            watched.absorb(WatchedStream.input([values[...]], at: time))
        }
        return watched.alerts
    }

    @Test(arguments: Week.allCases, Build.affordable([3_840_000, 600_000] as [Int64]))
    func `five weeks whose days have rhythms of their own raise nothing`(week: Week, milliseconds: Int64) {
        for seed in [1, 42, 20_260_401] as [UInt64] {
            let alerts = alerts(week, seed: seed, milliseconds: milliseconds)
            #expect(alerts.isEmpty, "\(week), seed \(seed), \(milliseconds) ms: \(alerts.map(\.headline))")
        }
    }

    @Test(arguments: Build.affordable(Week.allCases), Build.affordable([8, 16, 17, 20] as [Int64]))
    func `a change of level among them is found within 2,000 values, once`(week: Week, day: Int64) throws {
        let moment = WatchedStream.start + day * Self.day + 10 * 3_600_000
        let raised = alerts(week, seed: 7, days: 28) { time, _, value in
            if time >= moment { value += 1 }
        }.filter { $0.state == .raised }
        let first = try #require(raised.first, "\(week), day \(day)")
        #expect(raised.count == 1, "\(week), day \(day): \(raised.map(\.headline))")
        #expect((0..<2_000 / 64 * 600_000).contains(first.sinceMilliseconds - moment), "\(week), day \(day)")
        #expect(abs(first.size - 1) < 0.3, "\(week), day \(day): \(first.size)")
    }

    @Test(arguments: Build.affordable(Week.allCases))
    func `a change of spread among them is found within 2,000 values, once`(week: Week) throws {
        let moment = WatchedStream.start + 17 * Self.day + 10 * 3_600_000
        let raised = alerts(week, seed: 8, days: 24) { time, level, value in
            if time >= moment { value = level + 2 * (value - level) }
        }.filter { $0.state == .raised }
        let first = try #require(raised.first, "\(week)")
        #expect(raised.count == 1, "\(week): \(raised.map(\.headline))")
        #expect((0..<2_000 / 64 * 600_000).contains(first.sinceMilliseconds - moment), "\(week)")
        #expect(first.statistic == .adaptiveWindowSpread || first.statistic == .pageHinkleySpread)
    }

    @Test(.enabled(if: Build.isOptimised, "seven weeks take long without optimisation"))
    func `a week that becomes another is told, and then learned`() {
        let moment = WatchedStream.start + 18 * Self.day
        let learned = WatchedStream.start + 33 * Self.day
        let raised = alerts(.lateWeekends, seed: 9, days: 49) { time, level, value in
            guard time >= moment else { return }
            let hour = Double(time % Self.day) / 3_600_000
            value += Week.sundays.level(weekday: (time / Self.day + 3) % 7, hour: hour + 9) - level
        }.filter { $0.state == .raised }
        #expect(raised.allSatisfy { $0.sinceMilliseconds >= moment }, "\(raised.map(\.headline))")
        #expect(!raised.isEmpty)
        #expect(raised.allSatisfy { $0.sinceMilliseconds < learned }, "\(raised.map(\.sinceMilliseconds))")
    }
}
