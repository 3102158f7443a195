import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// One replay, reviewed byte by byte: every build, optimised or not, must write the same.
@Suite struct ReplayGoldenTests {
    @Test func `a replay of everything that may happen writes what it always wrote`() throws {
        let bench = try ReplayBench()
        bench.batch.size = 30
        bench.model.warmup = 90
        let result = try bench.run([GoldenFile("replay/events.ndjson").path])
        #expect(result.progress.counters.changes > 100 && result.progress.counters.rejected > 5)
        let model = try #require(result.model)
        let artifact = String(decoding: try model.encodedArtifact(), as: UTF8.self)
        let outputs = [
            ("changes.ndjson", result.changes), ("profiles.ndjson", result.profiles),
            ("rejects.ndjson", result.rejects), ("model.json", artifact),
        ]
        for (name, text) in outputs {
            #expect(text.hasSuffix("\n"))
            // Without the text itself: a difference is best seen by writing the file anew.
            let isExpected = GoldenFile("replay/\(name)").matches(String(text.dropLast()))
            #expect(isExpected, "\(name) differs")
        }
    }
}
