internal import Foundation
internal import ShoalTestSupport
internal import Testing
internal import shoal

@Suite struct DemoSummaryTests {
    private var summary: DemoSummary {
        var summary = DemoSummary()
        summary.events = 399_901
        summary.changes = 23_474
        summary.customers = 9_956
        summary.seconds = 20.0762
        summary.streamDays = 20.04
        summary.latency = LiveTableContent.Latency(p50Milliseconds: 23, p99Milliseconds: 54)
        summary.adjustedRandIndex = 0.59961
        summary.judgedCustomers = 8_073
        summary.segments = LiveTableSample.running.segments
        return summary
    }

    @Test func `a script finds every figure on one line of JSON`() throws {
        let json = summary.json
        #expect(
            json
                == #"{"events":399901,"changes":23474,"customers":9956,"segments":3,"events_per_second":19919,"#
                + #""p99_ms":54,"ari":0.600,"seconds":20.076}"#)
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
    }

    @Test func `what a short demo did not come to is null`() throws {
        let json = DemoSummary().json
        #expect(json.contains(#""p99_ms":null,"ari":null,"seconds":0.000"#))
        #expect(json.contains(#""segments":0,"events_per_second":0"#))
        #expect(try JSONSerialization.jsonObject(with: Data(json.utf8)) is [String: Any])
        #expect(DemoSummary().text.contains("none yet"))
    }

    @Test func `a person reads it as it was reviewed`() {
        #expect(GoldenFile("demo-summary.txt").matches(summary.text), "\(summary.text)")
    }

    @Test func `without a terminal there is a line of progress`() {
        #expect(
            DemoProgressLine.text(of: LiveTableSample.waiting)
                == "day 3: 39,512 events, learning: 1,204 of 2,000 profiles")
        #expect(
            DemoProgressLine.text(of: LiveTableSample.running)
                == "day 13: 20,013 events/s, lag 1,204, p50 23 ms, p99 1056 ms, 9,956 customers, "
                + "23,474 changes, 3 segments, drift alerts: 1")
    }
}
