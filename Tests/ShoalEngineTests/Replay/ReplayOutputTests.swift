import Foundation
import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// What a replay writes.
@Suite struct ReplayOutputTests {
    @Test(arguments: [1, 2] as [UInt64])
    func `the same input gives the same bytes, whatever the key of the table's hash`(seed: UInt64) throws {
        let bench = try ReplayBench()
        let lines = ReplayBench.history(seed: seed, count: 1_200) + ["{", #"{"type":"x"}"#]
        _ = try bench.folder.write("events.ndjson", lines.joined(separator: "\n") + "\n")
        let first = try bench.run(["events.ndjson"])
        bench.hash = KeyHash(first: 0xdead_beef_1234_5678, second: 0x9876_5432_1fed_cba0)
        let second = try bench.run(["events.ndjson"])
        #expect(!first.changes.isEmpty && !first.profiles.isEmpty && !first.rejects.isEmpty)
        #expect(first.changes == second.changes)
        #expect(first.profiles == second.profiles)
        #expect(first.rejects == second.rejects)
        let model = try #require(first.model)
        #expect(try model.encodedArtifact() == second.model?.encodedArtifact())
        // Another seed is another replay: the bytes above are equal for a reason.
        bench.model.seed = 7
        let other = try bench.run(["events.ndjson"])
        #expect(other.changes != first.changes)
    }

    @Test func `counts add up, and revisions to the changes`() throws {
        let bench = try ReplayBench()
        var lines = ReplayBench.history(seed: 3, count: 1_500)
        let bad = ["", "   ", "nonsense", "[1]", #"{"customer_id":"c1"}"#]
        for (index, line) in bad.enumerated() { lines.insert(line, at: 100 * (index + 1)) }
        _ = try bench.folder.write("events.ndjson", lines.joined(separator: "\n"))
        let result = try bench.run(["events.ndjson"])
        let counters = result.progress.counters
        #expect(result.progress.events == 1_503, "blank lines are no records")
        #expect(counters.rejected == 3)
        #expect(counters.duplicates > 0 && counters.ignored > 0, "the history has all of it")
        let changes = try result.changeLines()
        #expect(changes.count == counters.changes && changes.count > 60)
        let profiles = try result.profileLines()
        #expect(profiles.count == result.progress.customers)
        #expect(Set(profiles.map { $0["customer_id"]?.text }).count == profiles.count)
        for profile in profiles {
            let customer = profile["customer_id"]?.text
            // Those before an erasure belong to somebody else.
            let own = changes.filter { $0["customer_id"]?.text == customer }
            let series = own.suffix(while: { $0["to"]?.isNull != true })
            #expect(profile["revision"]?.number == Double(series.count), "\(customer ?? "?")")
            #expect(profile["segment"] ?? .null == series.last?["to"]?["id"] ?? .null, "\(customer ?? "?")")
        }
        #expect(result.progress.modelVersion == result.model?.version)
        #expect(result.progress.bytesRead == lines.joined(separator: "\n").utf8.count)
    }

    @Test func `profiles come in order of first appearance and say all that is known`() throws {
        let bench = try ReplayBench()
        bench.features = [
            FeatureDefinition(name: "say \"n\"", kind: .count(.all, halfLife: 86_400_000), transform: .log1p),
            FeatureDefinition(name: "price", kind: .last(of: "price", .all), clip: 0...5),
        ]
        let start = RandomHistory.startMilliseconds
        _ = try bench.folder.write(
            "events.ndjson",
            """
            {"type":"view","customer_id":"zoe","timestamp":\(start),"price":2.5}
            {"type":"view","customer_id":"adam \\"a\\"","timestamp":\(start + 43_200_000),"price":12}
            {"type":"consent_withdrawn","customer_id":"quiet","timestamp":\(start)}
            {"type":"view","customer_id":"zoe","timestamp":\(start + 86_400_000)}
            """)
        let result = try bench.run(["events.ndjson"])
        // Counts fade to the stream time: 1.5 of two events a half-life apart, and one of half a half-life.
        let faded = 0.5.squareRoot()
        let zoe = Float(log1p(1.5))
        let adam = Float(log1p(faded))
        #expect(
            result.profiles == """
                {"customer_id":"zoe","segment":null,"revision":0,"last_event_at":"2026-01-02T00:00:00.000Z",\
                "raw":{"say \\"n\\"":1.5,"price":2.5},"features":{"say \\"n\\"":\(Double(zoe)),"price":2.5}}
                {"customer_id":"adam \\"a\\"","segment":null,"revision":0,\
                "last_event_at":"2026-01-01T12:00:00.000Z",\
                "raw":{"say \\"n\\"":\(faded),"price":12},"features":{"say \\"n\\"":\(Double(adam)),"price":5}}
                {"customer_id":"quiet","segment":null,"revision":0,"last_event_at":null,\
                "raw":{"say \\"n\\"":0,"price":0},"features":{"say \\"n\\"":0,"price":0}}

                """)
    }

    @Test func `a change names the file and the line`() throws {
        let bench = try ReplayBench()
        bench.model.warmup = 20
        bench.batch.size = 20
        bench.model.clusterCount = .fixed(2)
        bench.features = StreamOfShoppers.features(1)
        func line(_ customer: String, _ minute: Int, _ value: Int) -> String {
            let time = RandomHistory.startMilliseconds + Int64(minute) * 60_000
            return #"{"type":"view","customer_id":"\#(customer)","timestamp":\#(time),"f0":\#(value)}"#
        }
        let first = (0..<20).map { line("c\($0)", $0, $0 < 10 ? $0 : 100 + $0) }
        let second = ["", line("late", 30, 3), "not json", line("late", 31, 110)]
        _ = try bench.folder.write("first.ndjson", first.joined(separator: "\n"))
        _ = try bench.folder.write("second \"2\".ndjson", second.joined(separator: "\n"))
        let result = try bench.run(["first.ndjson", "second \"2\".ndjson"])
        let changes = try result.changeLines()
        #expect(changes.count == 22)
        #expect(changes.prefix(20).allSatisfy { $0["cause"]?.text == "model" && $0["event"] == nil })
        let events = changes.suffix(2).compactMap { $0["event"] }
        #expect(events.map { $0["topic"]?.text } == ["second \"2\".ndjson", "second \"2\".ndjson"])
        #expect(events.map { $0["offset"]?.number } == [1, 3])
        #expect(events.map { $0["partition"]?.number } == [0, 0])
        let reject = try #require(try result.rejectLines().first)
        #expect(reject.keys == ["reason", "detail", "file", "line", "value"])
        #expect(reject["reason"]?.text == "not_json" && reject["line"]?.number == 3)
        #expect(reject["file"]?.text == "second \"2\".ndjson")
        #expect(reject["value"]?.text == Data("not json".utf8).base64EncodedString())
    }

    @Test(arguments: 0..<10)
    func `rejected bytes are handed back in base64, whatever they are`(length: Int) throws {
        let bench = try ReplayBench()
        let bytes = (0..<length).map { UInt8(0xff - $0 * 29) } + [0x21]
        _ = try bench.folder.write("bad.ndjson", bytes: bytes)
        let result = try bench.run(["bad.ndjson"])
        let reject = try #require(try result.rejectLines().first)
        #expect(reject["value"]?.text == Data(bytes).base64EncodedString())
    }

    @Test func `time does not leap because of one wrong clock`() throws {
        let bench = try ReplayBench()
        let day: Int64 = 86_400_000
        // The third is not ahead of the second, which is decoded just before it.
        let times = [0, 400 * day, 800 * day, 1_201 * day, 400 * day + 1].map {
            RandomHistory.startMilliseconds + $0
        }
        let lines = times.map { #"{"type":"view","customer_id":"c","timestamp":\#($0)}"# }
        _ = try bench.folder.write("events.ndjson", lines.joined(separator: "\n"))
        let result = try bench.run(["events.ndjson"])
        #expect(result.progress.counters.accepted == 4)
        let rejects = try result.rejectLines()
        #expect(rejects.map { $0["reason"]?.text } == ["timestamp_in_future"])
        #expect(rejects.map { $0["line"]?.number } == [4])
    }

    /// What has come is taken in at once, and whoever waits at the terminal is asked meanwhile.
    @Test(.timeLimit(.minutes(1)))
    func `a pipe that pauses holds nothing back and can be left`() throws {
        let bench = try ReplayBench()
        let pipe = bench.folder.path("events")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let writer = unsafe open(pipe, O_RDWR)
        let lines = Array((ReplayBench.history(seed: 9, count: 10).joined(separator: "\n") + "\n").utf8)
        #expect(unsafe write(writer, lines, lines.count) == lines.count)
        let result = try bench.run([pipe]) { $0.events < 10 }
        #expect(result.progress.events == 10)
        // Lets the reader come to its end.
        close(writer)
    }

    @Test func `a replay that is not wanted any more stops, and what it wrote is whole`() throws {
        let bench = try ReplayBench()
        bench.features = StreamOfShoppers.features(1)
        bench.model.warmup = 1_000_000
        let line = #"{"type":"view","customer_id":"c","timestamp":\#(RandomHistory.startMilliseconds)}"#
        _ = try bench.folder.write(
            "events.ndjson", Array(repeating: line, count: 40_000).joined(separator: "\n"))
        var reports = 0
        let result = try bench.run(["events.ndjson", "events.ndjson"]) { progress in
            reports += 1
            return false
        }
        #expect(result.progress.events == 16_384)
        #expect(reports == 2, "once on the way and once at the end")
        #expect(try result.profileLines().count == 1)
    }
}

extension Array {
    /// The elements after the last for which the condition does not hold.
    fileprivate func suffix(while holds: (Element) -> Bool) -> ArraySlice<Element> {
        let last = lastIndex { !holds($0) }
        return self[(last.map { $0 + 1 } ?? startIndex)...]
    }
}
