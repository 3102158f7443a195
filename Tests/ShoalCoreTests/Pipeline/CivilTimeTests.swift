import Foundation
import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct CivilTimeTests {
    private static let end: Int64 = 7_258_118_400_000

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    private static func compare(_ milliseconds: Int64) {
        let time = CivilTime(milliseconds: milliseconds)
        let whole = (milliseconds - (milliseconds % 1_000 + 1_000) % 1_000) / 1_000
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second],
            from: Date(timeIntervalSince1970: Double(whole)))
        #expect(
            [time.year, time.month, time.day, time.hour, time.minute, time.second]
                == [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second],
            "\(milliseconds)")
        #expect(time.millisecond == Int(milliseconds - whole * 1_000), "\(milliseconds)")
        let days = CivilTime.days(year: time.year, month: time.month, day: time.day)
        let midnight = Int64(days) * CivilTime.millisecondsPerDay
        #expect((0..<CivilTime.millisecondsPerDay).contains(milliseconds - midnight), "\(milliseconds)")
        let text = String(
            format: "%04d-%02d-%02dT%02d:%02d:%02d.%03d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0,
            parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0, time.millisecond)
        #expect(OutputBuffer.timeText(milliseconds) == text + "Z", "\(milliseconds)")
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `it agrees with Foundation's calendar from 1970 to 2200`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3_000 { Self.compare(Int64(generator.nextIndex(below: Int(Self.end)))) }
    }

    @Test func `it agrees at the edges of days, months, leap years and the range itself`() {
        for year in [1970, 1972, 1999, 2000, 2001, 2024, 2025, 2038, 2096, 2099, 2100, 2101, 2199] {
            for month in 1...12 {
                let start = Int64(CivilTime.days(year: year, month: month, day: 1)) * 86_400_000
                for offset in [-1, 0, 1, 999, 1_000, 86_399_999, 86_400_000] as [Int64] {
                    Self.compare(max(0, start + offset))
                }
            }
        }
        for milliseconds in [0, 1, Self.end - 1, Self.end, 951_782_399_999, 951_782_400_000] {
            Self.compare(milliseconds)
        }
    }

    @Test func `times before 1970 count backwards from it`() {
        for milliseconds in [-1, -999, -1_000, -86_400_000, -86_400_001, -2_208_988_800_000] as [Int64] {
            Self.compare(milliseconds)
        }
    }
}
