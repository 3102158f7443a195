import ShoalCore
import Testing

@Suite struct TimeTextTests {
    private func milliseconds(
        _ text: String, _ format: SourceMapping.TimeFormat = .canonical
    ) -> Int64? {
        var source = SourceMapping.canonical()
        source.timeFormat = format
        let record = #"{"type":"t","customer_id":"c","timestamp":"\#(text)"}"#
        return DecoderHarness(source).decode(record).event?.milliseconds
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00.000Z", 1_767_225_600_000), ("2026-01-01T00:00:00Z", 1_767_225_600_000),
        ("2026-01-01t00:00:00z", 1_767_225_600_000), ("2026-01-01 00:00:00Z", 1_767_225_600_000),
        ("2026-01-01T00:00:00.1Z", 1_767_225_600_100), ("2026-01-01T00:00:00.1239999Z", 1_767_225_600_123),
        ("2026-01-01T05:30:00+05:30", 1_767_225_600_000),
        ("2026-01-01T14:00:00.000+14:00", 1_767_225_600_000),
        ("2025-12-31T16:00:00-08:00", 1_767_225_600_000), ("2026-01-01T00:00:00-00:00", 1_767_225_600_000),
        ("2000-01-01T00:00:00.000Z", 946_684_800_000), ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("2000-02-29T00:00:00Z", 951_782_400_000), ("2199-12-31T23:59:59.999Z", 7_258_118_399_999),
    ])
    func `internet times are read`(text: String, wanted: Int64) {
        #expect(milliseconds(text) == wanted)
    }

    @Test(arguments: [
        "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T23:59:60Z", "2026-01-01T23:60:00.000Z", "2026-02-29T00:00:00Z", "2023-02-30T00:00:00Z",
        "2100-02-29T00:00:00.000Z", "2026-00-10T00:00:00.000Z", "2026-13-10T00:00:00.000Z",
        "2026-04-31T00:00:00.000Z", "2026-01-00T00:00:00.000Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0100", "2026-01-01T00:00:00ZZ", " 2026-01-01T00:00:00Z",
        "292278994-08-17T07:12:55.807Z", "+2026-01-01T00:00:00Z", "2026-1-1T00:00:00Z",
        "2026-01-01T00:00:0:.123Z", "2026-01-01T00-00:00.123Z", "20260-1-01T00:00:00.123Z",
        "2026-01-01T00:00:00.12/Z", "2026-01-01T00:00:00.1:3Z", "yesterday", "1767225600000", "",
    ])
    func `what is no internet time is refused`(text: String) {
        #expect(milliseconds(text) == nil)
    }

    @Test func `each day from 2000 to 2199 follows the one before`() {
        var wanted: Int64 = 946_684_800_000
        let harness = DecoderHarness()
        for year in 2000..<2200 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, days) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in [1, 15, days, days + 1] {
                    let date = "\(year)-\(pad(month + 1))-\(pad(day))"
                    for tail in ["T00:00:00.000Z", "T00:00:00Z"] {
                        let text = #"{"type":"t","customer_id":"c","timestamp":"\#(date)\#(tail)"}"#
                        let found = harness.decode(text).event?.milliseconds
                        #expect(found == (day > days ? nil : wanted + Int64(day - 1) * 86_400_000))
                    }
                }
                wanted += Int64(days) * 86_400_000
            }
        }
    }

    private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    @Test func `other forms are read where the source names them`() {
        #expect(milliseconds("2010-12-01 08:26:00", .dateTime) == 1_291_191_960_000)
        #expect(milliseconds("2010-12-01 08:26", .dateTime) == 1_291_191_960_000)
        #expect(milliseconds("2010-12-01 08:26:00.25", .dateTime) == 1_291_191_960_250)
        #expect(milliseconds("2019-10-01 00:00:00 UTC", .dateTime) == 1_569_888_000_000)
        #expect(milliseconds("2019-10-01T00:00:00Z", .dateTime) == 1_569_888_000_000)
        #expect(milliseconds("2019-10-01 02:00:00 +02:00", .dateTime) == 1_569_888_000_000)
        #expect(milliseconds("2019-10-01 00:00:00 GMT+1", .dateTime) == nil)
        #expect(milliseconds("2019-10-01", .date) == 1_569_888_000_000)
        #expect(milliseconds("20191001", .date) == 1_569_888_000_000)
        #expect(milliseconds("2019-1001", .date) == nil)
        #expect(milliseconds("1569888000", .epochSeconds) == 1_569_888_000_000)
        #expect(milliseconds("1569888000.5", .epochSeconds) == 1_569_888_000_500)
        #expect(milliseconds("1569888000123", .epochMilliseconds) == 1_569_888_000_123)
        #expect(milliseconds("1569888000123456", .epochMicroseconds) == 1_569_888_000_123)
        #expect(milliseconds("9223372036854775807", .epochSeconds) == nil)
        #expect(milliseconds("-9223372036854775808", .epochSeconds) == nil)
    }
}
