internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The same records as a file through `replay` and as a topic through `run`.
@Suite struct KafkaEqualsReplayTests {
    private struct Summary: Decodable, Equatable {
        var events, accepted, rejected, duplicates, ignored, customers: Int
    }

    private struct Reject: Decodable {
        var reason, value: String
        /// The rejected bytes as text; the lines of this test are all UTF-8.
        var text: String { String(decoding: Data(base64Encoded: value) ?? Data(), as: UTF8.self) }
    }

    /// One record for most reasons of the catalogue.
    private static let badLines = [
        "{", "[]", "12", "{}", #"{"type":"x","customer_id":"a","customer_id":"b","timestamp":1767225600000}"#,
        #"{"type":"x","customer_id":"a","timestamp":1767225600000}{}"#,
        #"{"type":"x","customer_id":"a","timestamp":"2026-02-30T00:00:00Z"}"#,
        #"{"type":"x","customer_id":"a","timestamp":15}"#,
        #"{"type":"x","customer_id":"a\u0000b","timestamp":1767225600000}"#,
        #"{"type":"x","customer_id":"   ","timestamp":1767225600000}"#,
        #"{"type":"","customer_id":"a","timestamp":1767225600000}"#,
        #"{"type":"x","customer_id":true,"timestamp":1767225600000}"#,
        #"{"type":"x","customer_id":"a","timestamp":1767225600000,"price":1e400}"#,
        #"{"type":"x","customer_id":"a","timestamp":1767225600000,"price":"12,50"}"#,
        #"{"type":"x","customer_id":"a","timestamp":1767225600000,"items":7}"#,
        #"{"type":"x","customer_id":"a","timestamp":1767225600000,"z":"\#(String(repeating: "x", count: 300_000))"}"#,
        String(repeating: "[", count: 400) + String(repeating: "]", count: 400),
        "customer,type\tnothing like JSON",
    ]

    /// The closed list.
    private static let reasons: Set = [
        "not_json", "not_object", "too_large", "too_deep", "bad_utf8", "missing_type", "missing_customer",
        "bad_customer", "bad_timestamp", "timestamp_in_future", "timestamp_too_old", "bad_number",
        "bad_field",
    ]

    private static func example(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Deploy/examples/\(name)")
    }

    private func summary(_ output: String) throws -> Summary {
        let last = try #require(output.split(separator: "\n").last)
        return try JSONDecoder().decode(Summary.self, from: Data(last.utf8))
    }

    @Test func `counts and rejected bytes are the same through Kafka as through a file`() async throws {
        let simulated = try await ShoalProcess.run([
            "simulate", "--events", "3000", "--customers", "300", "--seed", "5", "--duplicates", "0.02",
        ])
        #expect(simulated.exit == .code(0), "\(simulated.errors)")
        var lines = simulated.output.split(separator: "\n").map(String.init)
        for (index, line) in Self.badLines.enumerated() { lines.insert(line, at: 100 * (index + 1)) }
        let features = "features: [{name: events, count: {}, half_life: 7d}]\nmodel: {k: 2, warmup: 200}\n"
        let records = lines.map { Array($0.utf8) }
        let folder = try TemporaryFolder()
        let file = try folder.write("events.ndjson", lines.joined(separator: "\n") + "\n")

        let replayed = try await replay(file, features, in: folder)
        #expect(replayed.rejects.count == Self.badLines.count)
        let ran = try await run(
            records, "sources: [{name: shop, topics: [shop]}]\n" + features,
            expecting: replayed.rejects.count, in: folder)

        #expect(ran.summary == replayed.summary)
        #expect(ran.letters.map(\.value) == replayed.rejects.map(\.text))
        #expect(ran.letters.map { $0.header("shoal.reason") } == replayed.rejects.map(\.reason))
    }

    @Test(
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.data.appending(path: "rees46_head")),
            "needs rees46_head in SHOAL_DATA or in ../shared/data"))
    func `a published file gives the same through Kafka as from disk`() async throws {
        let folder = try TemporaryFolder()
        let packed = "rees46_head/2019-Oct-head.csv.xz"
        let example = try String(contentsOf: Self.example("rees46.yaml"), encoding: .utf8)
        let lines = try CorpusFolder.unpacked(packed).split(separator: UInt8(ascii: "\n")).map(Array.init)
        let columns = String(decoding: lines[0], as: UTF8.self)

        let replayed = try await replay(
            CorpusFolder.data.appending(path: packed).path, example, in: folder)
        #expect(replayed.rejects.count == 1, "The last line is cut.")
        // Records of a topic have no header line, so the configuration names the columns.
        let topical = example.replacing(
            "    header: true\n", with: "    topics: [shop]\n    columns: [\(columns)]\n")
        let ran = try await run(
            Array(lines.dropFirst()), topical, expecting: replayed.rejects.count, in: folder)

        #expect(ran.summary == replayed.summary)
        #expect(ran.summary.events == 17_435)
        #expect(ran.letters.map(\.value) == replayed.rejects.map(\.text))
    }

    @Test(
        .enabled(
            if: CorpusFolder.exists(CorpusFolder.badInput.appending(path: "test_parsing")),
            "needs JSONTestSuite and blns.json in SHOAL_BAD_INPUT or in ../shared/badinput"))
    func `every file of the corpora comes back through Kafka, used or as a dead letter`() async throws {
        let folder = try TemporaryFolder()
        let suite = CorpusFolder.badInput.appending(path: "test_parsing")
        var records = try FileManager.default.contentsOfDirectory(atPath: suite.path).sorted().map {
            Array(try Data(contentsOf: suite.appending(path: $0)))
        }
        #expect(records.count == 318)
        let naughty = try JSONDecoder().decode(
            [String].self, from: Data(contentsOf: CorpusFolder.badInput.appending(path: "blns.json")))
        for string in naughty {
            let literal = String(decoding: try JSONEncoder().encode(string), as: UTF8.self)
            records.append(Array(#"{"type":"t","customer_id":\#(literal),"timestamp":1767225600000}"#.utf8))
        }
        // No file of the suite names a customer; of the naughty strings some are no ids.
        let unusable = naughty.filter { string in
            let bytes = Array(string.utf8)
            return bytes.allSatisfy { $0 == 0x20 } || bytes.count > 256
                || bytes.contains { $0 < 0x20 || $0 == 0x7F }
        }
        let ids = Set(naughty.map { Array($0.utf8) }).subtracting(unusable.map { Array($0.utf8) })
        let features = "features: [{name: events, count: {}, half_life: 7d}]\nmodel: {k: 2, warmup: 200}\n"

        let ran = try await run(
            records, "sources: [{name: shop, topics: [shop]}]\n" + features,
            expecting: 318 + unusable.count, in: folder)

        #expect(ran.summary.events == records.count)
        #expect(ran.summary.rejected == 318 + unusable.count)
        #expect(ran.summary.customers == ids.count)
        #expect(ran.letters.map(\.bytes).prefix(318) == records.map(Optional.some).prefix(318))
        #expect(ran.letters.allSatisfy { Self.reasons.contains($0.header("shoal.reason") ?? "") })
    }

    // MARK: The two ways

    private func replay(
        _ file: String, _ configuration: String, in folder: TemporaryFolder
    ) async throws -> (summary: Summary, rejects: [Reject]) {
        let rejectsPath = folder.path("rejects.ndjson")
        let replayed = try await ShoalProcess.run(
            [
                "replay", "--config", try folder.write("replay.yaml", configuration), "--rejects",
                rejectsPath,
                "--summary", file,
            ], within: 120)
        #expect(replayed.exit == .code(0), "\(replayed.errors)")
        let rejects = try String(contentsOfFile: rejectsPath, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Reject.self, from: Data($0.utf8))
        }
        return (try summary(replayed.output), rejects)
    }

    /// Runs the daemon over records that lie in one partition, until it has nothing left to do.
    private func run(
        _ records: [[UInt8]], _ configuration: String, expecting letterCount: Int,
        in folder: TemporaryFolder
    ) async throws -> (summary: Summary, letters: [TopicRecord]) {
        let broker = try DevelopmentBroker(topics: [
            KafkaTopicSpecification(name: "shop", partitionCount: 1),
            KafkaTopicSpecification(name: "dead-letters", partitionCount: 1),
        ])
        try TopicRecord.write(
            records.map { TopicRecord(key: "all in one partition", bytes: $0) }, to: "shop",
            at: broker.bootstrap)
        let path = try folder.write(
            "run.yaml",
            "kafka: {bootstrap: \"\(broker.bootstrap)\", session.timeout.ms: 6000}\nlanes: 1\n"
                + configuration)
        let ran = try await ShoalProcess.run(["run", "--config", path, "--stop-when-idle", "1"], within: 120)
        #expect(ran.exit == .code(0), "\(ran.errors)")
        let letters = try TopicRecord.read(
            letterCount, from: "dead-letters", at: broker.bootstrap, within: 30)
        return (try summary(ran.output), letters)
    }
}
