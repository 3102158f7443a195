import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// A model that one replay learned and the next begins with.
@Suite struct ReplayModelTests {
    @Test func `a replay begins with the model it is given`() throws {
        let bench = try ReplayBench()
        let lines = ReplayBench.history(seed: 4, count: 1_400)
        _ = try bench.folder.write("first.ndjson", lines[..<900].joined(separator: "\n"))
        _ = try bench.folder.write("second.ndjson", lines[900...].joined(separator: "\n"))
        let learned = try #require(try bench.run(["first.ndjson"]).model)
        #expect(learned.version > 3)
        // Through the artefact, as `--save-model` and `--model` do.
        let plan = try FeaturePlan(bench.features)
        let read = try SegmentModel(artifact: try learned.encodedArtifact(), planHash: plan.hash)
        #expect(read == learned)
        bench.resumedModel = read
        let resumed = try bench.run(["second.ndjson"])
        let first = try #require(try resumed.changeLines().first)
        #expect(first["model"]?["version"]?.number == Double(learned.version), "there is no warm-up")
        #expect(first["cause"]?.text == "event" && first["event"]?["offset"]?.number == 0)
        #expect(resumed.model?.generation == learned.generation)
        #expect(resumed.progress.modelVersion > learned.version)
        let names = Set(learned.segments.map(\.label))
        let changes = try resumed.changeLines()
        #expect(names.isSuperset(of: changes.compactMap { $0["to"]?["id"]?.text }))
    }

    @Test func `without events the model comes out as it went in`() throws {
        let bench = try ReplayBench()
        _ = try bench.folder.write(
            "events.ndjson", ReplayBench.history(seed: 4, count: 600).joined(separator: "\n"))
        _ = try bench.folder.write("empty.ndjson", "")
        let learned = try #require(try bench.run(["events.ndjson"]).model)
        bench.resumedModel = learned
        let resumed = try bench.run(["empty.ndjson"])
        #expect(resumed.model == learned)
        #expect(resumed.progress.modelVersion == learned.version)
        #expect(resumed.changes.isEmpty)
    }

    @Test func `resuming in two halves gives the same bytes each time`() throws {
        let bench = try ReplayBench()
        let lines = ReplayBench.history(seed: 9, count: 1_000)
        _ = try bench.folder.write("first.ndjson", lines[..<600].joined(separator: "\n"))
        _ = try bench.folder.write("second.ndjson", lines[600...].joined(separator: "\n"))
        var results: [ReplayBench.Result] = []
        for key in [1, 1_000] as [UInt64] {
            bench.hash = KeyHash(first: key, second: key &* 77)
            bench.resumedModel = nil
            bench.resumedModel = try bench.run(["first.ndjson"]).model
            results.append(try bench.run(["second.ndjson"]))
        }
        #expect(results[0].changes == results[1].changes && !results[0].changes.isEmpty)
        #expect(results[0].profiles == results[1].profiles)
        #expect(results[0].model == results[1].model)
    }
}
