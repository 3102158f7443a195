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

    private func summary(_ output: String) throws -> Summary {
        let last = try #require(output.split(separator: "\n").last)
        return try JSONDecoder().decode(Summary.self, from: Data(last.utf8))
    }

    @Test func `counts and rejected bytes are the same through Kafka as through a file`() async throws {
        let folder = try TemporaryFolder()
        let simulated = try await ShoalProcess.run([
            "simulate", "--events", "3000", "--customers", "300", "--seed", "5", "--duplicates", "0.02",
        ])
        #expect(simulated.exit == .code(0), "\(simulated.errors)")
        var lines = simulated.output.split(separator: "\n").map(String.init)
        for (index, line) in Self.badLines.enumerated() { lines.insert(line, at: 100 * (index + 1)) }
        let file = try folder.write("events.ndjson", lines.joined(separator: "\n") + "\n")
        let features = "features: [{name: events, count: {}, half_life: 7d}]\nmodel: {k: 2, warmup: 200}\n"

        let rejectsPath = folder.path("rejects.ndjson")
        let replayed = try await ShoalProcess.run([
            "replay", "--config", try folder.write("replay.yaml", features), "--rejects", rejectsPath,
            "--summary", file,
        ])
        #expect(replayed.exit == .code(0), "\(replayed.errors)")
        let rejects = try String(contentsOfFile: rejectsPath, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(Reject.self, from: Data($0.utf8))
        }
        #expect(rejects.count == Self.badLines.count)

        let broker = try DevelopmentBroker(topics: [
            KafkaTopicSpecification(name: "shop", partitionCount: 1),
            KafkaTopicSpecification(name: "dead-letters", partitionCount: 1),
        ])
        try TopicRecord.write(
            lines.map { TopicRecord(key: "all in one partition", value: $0) }, to: "shop",
            at: broker.bootstrap)
        let configuration = try folder.write(
            "run.yaml",
            "kafka: {bootstrap: \"\(broker.bootstrap)\", session.timeout.ms: 6000}\nlanes: 1\n"
                + "sources: [{name: shop, topics: [shop]}]\n" + features)
        let ran = try await ShoalProcess.run(
            ["run", "--config", configuration, "--stop-when-idle", "1"], within: 120)
        #expect(ran.exit == .code(0), "\(ran.errors)")

        #expect(try summary(ran.output) == summary(replayed.output))
        let letters = try TopicRecord.read(
            rejects.count, from: "dead-letters", at: broker.bootstrap, within: 30)
        #expect(letters.compactMap(\.value) == rejects.map(\.text))
        #expect(letters.map { $0.header("shoal.reason") } == rejects.map(\.reason))
    }
}
