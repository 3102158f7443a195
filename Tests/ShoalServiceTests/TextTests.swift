internal import Foundation
internal import ShoalEngine
@testable internal import ShoalService
internal import Testing

@Suite struct TextTests {
    @Test func `an address part is what it was before it was escaped`() {
        #expect(PercentText.decoded("c%2F1%20%c3%BC+") == Array("c/1 ü+".utf8))
        #expect(PercentText.decoded("a%") == nil)
        #expect(PercentText.decoded("a%4") == nil)
        #expect(PercentText.decoded("a%zz") == nil)
        #expect(PercentText.decoded("%00") == [0])
    }

    @Test func `JSON is written in the order in which it is told, and is JSON`() throws {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("text")
            writer.string("\"\\\u{1}</script>ü")
            writer.key("numbers")
            writer.array([1, 0.5, -3e300, .infinity] as [Double]) { $0.number($1) }
            writer.key("empty")
            writer.array([Int]()) { $0.integer($1) }
            writer.key("nested")
            writer.object { writer in
                writer.key("raw")
                writer.raw(Array("[1,2]".utf8))
                writer.key("none")
                writer.null()
                writer.key("yes")
                writer.boolean(true)
                writer.key("at")
                writer.time(1_767_000_000_123)
            }
        }
        let object = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
        #expect(object?["text"] as? String == "\"\\\u{1}</script>ü")
        #expect((object?["numbers"] as? [Any])?.count == 4)
        #expect((object?["numbers"] as? [Any])?[3] is NSNull)
        #expect((object?["empty"] as? [Any])?.isEmpty == true)
        let nested = object?["nested"] as? [String: Any]
        #expect(nested?["raw"] as? [Int] == [1, 2])
        #expect(nested?["at"] as? String == "2025-12-29T09:20:00.123Z")
        #expect(String(decoding: writer.bytes, as: UTF8.self).hasPrefix(#"{"text":"#))
    }

    @Test func `a histogram counts what is below each bound, in seconds`() {
        var meter = LatencyMeter()
        for milliseconds in [0, 1, 3, 50, 51, 1_000, 400_000] as [Int64] {
            meter.record(milliseconds: milliseconds)
        }
        var page = PrometheusText()
        page.metric("shoal_x_seconds", .histogram, "Of a test.")
        page.samples(meter.all)
        let lines = page.text.split(separator: "\n")
        for line in [
            "# TYPE shoal_x_seconds histogram", "shoal_x_seconds_bucket{le=\"0.001\"} 2",
            "shoal_x_seconds_bucket{le=\"0.005\"} 3", "shoal_x_seconds_bucket{le=\"0.05\"} 4",
            "shoal_x_seconds_bucket{le=\"1\"} 6", "shoal_x_seconds_bucket{le=\"+Inf\"} 7",
            "shoal_x_seconds_count 7",
        ] {
            #expect(lines.contains(Substring(line)), "\(line)")
        }
    }

    @Test func `a label's value cannot end its quotes`() {
        var page = PrometheusText()
        page.metric("m", .gauge, "h")
        page.sample(1.5, [("a", "\"x\\\n")])
        #expect(page.text.hasSuffix("m{a=\"\\\"x\\\\\\n\"} 1.5\n"))
    }

    @Test func `of each alert the newest state counts`() throws {
        func record(_ id: String, _ state: String) -> [UInt8] {
            Array(#"{"alert_id":"\#(id)","state":"\#(state)"}"#.utf8)
        }
        let json = DriftView.json([
            record("a", "raised"), record("b", "raised"), record("a", "resolved"), record("b", "ongoing"),
        ])
        let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: [[String: String]]]
        #expect(object?["active"]?.map { $0["alert_id"] } == ["b"])
        #expect(object?["active"]?.first?["state"] == "ongoing")
        #expect(object?["recent"]?.map { $0["state"] } == ["ongoing", "resolved", "raised", "raised"])
    }
}
