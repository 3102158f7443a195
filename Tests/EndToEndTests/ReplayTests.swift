internal import Foundation
internal import ShoalTestSupport
internal import Testing

@Suite struct ReplayTests {
    private struct Summary: Decodable {
        var events, accepted, rejected, duplicates, ignored, customers, changes, alerts, model_version: Int
        var seconds, events_per_second: Double
    }

    /// What readers of `segment-changes` rely on.
    private struct Change: Decodable {
        struct Segment: Decodable { var id, name: String }
        var schema, change_id, customer_id, at, cause: String
        var revision: Int
        var from, to: Segment?
    }

    // Fewer than a batch holds, so that summaries go out by time alone.
    private static let customers = 300

    private func simulatedEvents(in folder: TemporaryFolder) async throws -> String {
        let result = try await ShoalProcess.run(
            ["simulate", "--events", "4000", "--customers", "\(Self.customers)", "--seed", "5"])
        return try folder.write("events.ndjson", result.output)
    }

    private func replay(
        _ arguments: [String], _ files: [String], in folder: TemporaryFolder
    ) async throws -> Summary {
        // A given k and little of everything spare these runs seconds of a debug build.
        let configuration = try folder.write("shoal.yaml", "model: {k: 4, warmup: 200}\nbatch: {size: 128}\n")
        let result = try await ShoalProcess.run(
            ["replay", "--summary", "--config", configuration] + arguments + files)
        #expect(result.exit == .code(0), "\(result.errors)")
        let last = try #require(result.output.split(separator: "\n").last)
        return try JSONDecoder().decode(Summary.self, from: Data(last.utf8))
    }

    @Test func `counts add up and every change is written`() async throws {
        let folder = try TemporaryFolder()
        let events = try await simulatedEvents(in: folder)
        let summary = try await replay(["--changes", folder.path("changes.ndjson")], [events], in: folder)
        #expect(summary.events == 4_000)
        #expect(summary.events == summary.accepted + summary.rejected + summary.duplicates + summary.ignored)
        #expect(summary.rejected == 0)
        #expect((1...Self.customers).contains(summary.customers))
        #expect(summary.model_version > 0)
        let changes = try folder.lines("changes.ndjson").map {
            try JSONDecoder().decode(Change.self, from: Data($0.utf8))
        }
        #expect(changes.count == summary.changes)
        #expect(changes.allSatisfy { $0.schema == "shoal.segment-change/1" })
        #expect(Set(changes.map(\.change_id)).count == changes.count, "no change has the id of another")
        // Revisions count up per customer, and each change begins where the one before it ended.
        for (customer, series) in Dictionary(grouping: changes, by: \.customer_id) {
            #expect(series.map(\.revision) == Array(1...series.count), "\(customer)")
            #expect(series.first?.from == nil)
            for (previous, next) in zip(series, series.dropFirst()) {
                #expect(previous.to?.id == next.from?.id)
            }
        }
    }

    @Test func `the same input gives the same bytes, whatever the process`() async throws {
        let folder = try TemporaryFolder()
        let events = try await simulatedEvents(in: folder)
        for run in ["first", "second"] {
            _ = try await replay(
                ["--changes", folder.path(run + ".changes"), "--profiles", folder.path(run + ".profiles")],
                [events], in: folder)
        }
        let manager = FileManager.default
        for suffix in [".changes", ".profiles"] {
            let first = try #require(manager.contents(atPath: folder.path("first" + suffix)))
            #expect(!first.isEmpty)
            #expect(first == manager.contents(atPath: folder.path("second" + suffix)), "\(suffix)")
        }
    }

    @Test func `bad lines are handed back with a reason, and the good ones count`() async throws {
        struct Reject: Decodable {
            var reason, file, value: String
            var line: Int
        }
        let folder = try TemporaryFolder()
        let bad = [
            "{", "[]", #"{"customer_id":"a","timestamp":1767225600000}"#,
            #"{"type":"purchase","timestamp":1767225600000}"#,
            #"{"type":"purchase","customer_id":"a","timestamp":"yesterday"}"#,
        ]
        let good = #"{"type":"purchase","customer_id":"a","timestamp":1767225600000,"amount":3}"#
        let events = try folder.write("mixed.ndjson", (bad + [good]).joined(separator: "\n") + "\n\n")
        let summary = try await replay(["--rejects", folder.path("rejects.ndjson")], [events], in: folder)
        #expect(summary.accepted == 1)
        #expect(summary.rejected == bad.count)
        let rejects = try folder.lines("rejects.ndjson").map {
            try JSONDecoder().decode(Reject.self, from: Data($0.utf8))
        }
        #expect(
            rejects.map(\.reason)
                == ["not_json", "not_object", "missing_type", "missing_customer", "bad_timestamp"])
        #expect(rejects.map(\.line) == [1, 2, 3, 4, 5])
        #expect(rejects.map { Data(base64Encoded: $0.value) } == bad.map { Data($0.utf8) })
        #expect(rejects.allSatisfy { $0.file.hasSuffix("mixed.ndjson") })
    }

    @Test func `standard input is a file too`() async throws {
        let line = #"{"type":"purchase","customer_id":"a","timestamp":1767225600000}"# + "\n"
        let result = try await ShoalProcess.run(["replay", "--summary", "-"], input: Data(line.utf8))
        #expect(result.exit == .code(0))
        #expect(result.output.contains(#""accepted":1"#))
    }

    @Test func `a file that is not there is a failure while running`() async throws {
        let result = try await ShoalProcess.run(["replay", "no-such-file.ndjson"])
        #expect(result.exit == .code(1))
        #expect(result.errors.contains("no-such-file.ndjson"))
    }

    @Test func `a bad configuration stops a replay before it starts`() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("bad.yaml", "features: []\n")
        let events = try folder.write("events.ndjson", "")
        let changes = folder.path("changes.ndjson")
        let result = try await ShoalProcess.run(["replay", "--config", path, "--changes", changes, events])
        #expect(result.exit == .code(2))
        #expect(!FileManager.default.fileExists(atPath: changes))
    }
}
