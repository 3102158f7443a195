internal import Foundation
internal import ShoalKafka
internal import ShoalTestSupport
internal import Testing

/// The daemon with a source that is not keyed by customer, against the development broker.
@Suite struct RoutedSourceTests {
    private struct Summary: Decodable, Equatable {
        var events, accepted, rejected, duplicates, ignored, customers: Int
    }

    private struct Outcome {
        var summary: Summary
        var letters, routed, changes: [TopicRecord]
    }

    private static let partitions: Int32 = 3

    /// Records of the simulated shop under a wrapper that only a mapping can read, and some that none can.
    private func records(keyedBy key: (Int, String) -> String) async throws -> [TopicRecord] {
        let simulated = try await ShoalProcess.run([
            "simulate", "--events", "3000", "--customers", "300", "--seed", "5", "--duplicates", "0",
        ])
        #expect(simulated.exit == .code(0), "\(simulated.errors)")
        var records: [TopicRecord] = []
        for (number, line) in simulated.output.split(separator: "\n").enumerated() {
            let customer = try #require(
                line.firstMatch(of: /"customer_id":"([^"]+)"/).map { String($0.output.1) })
            let wrapped = line.replacing("\"customer_id\"", with: "\"who\"")
            records.append(TopicRecord(key: key(number, customer), value: String(wrapped)))
            if number % 500 == 0 {
                records.append(TopicRecord(key: key(number, "nobody"), value: "{\"number\":\(number)}"))
            }
        }
        return records
    }

    private func run(
        _ records: [TopicRecord], isKeyed: Bool
    ) async throws -> Outcome {
        let folder = try TemporaryFolder()
        let broker = try DevelopmentBroker(
            topics: ["web", "dead-letters", "segment-changes", "shoal.events"].map {
                KafkaTopicSpecification(name: $0, partitionCount: Self.partitions)
            })
        try TopicRecord.write(records, to: "web", at: broker.bootstrap)
        let path = try folder.write(
            "run.yaml",
            """
            kafka: {bootstrap: "\(broker.bootstrap)", session.timeout.ms: 6000}
            lanes: 1
            sources:
              - {name: web, topics: [web], keyed: \(isKeyed), fields: {customer_id: who}}
            features: [{name: events, count: {}, half_life: 7d}]
            model: {k: 2, warmup: 200}
            """)
        let ran = try await ShoalProcess.run(["run", "--config", path, "--stop-when-idle", "2"], within: 120)
        #expect(ran.exit == .code(0), "\(ran.errors)")
        let last = try #require(ran.output.split(separator: "\n").last, "\(ran.errors)")
        func read(_ topic: String, _ count: Int, within seconds: Int) throws -> [TopicRecord] {
            try TopicRecord.read(
                count, from: topic, partitions: Self.partitions, at: broker.bootstrap, within: seconds)
        }
        let summary = try JSONDecoder().decode(Summary.self, from: Data(last.utf8))
        return Outcome(
            summary: summary, letters: try read("dead-letters", summary.rejected, within: 10),
            routed: isKeyed ? [] : try read("shoal.events", 3_000, within: 10),
            changes: try read("segment-changes", .max, within: 2))
    }

    @Test func `a topic keyed by something else comes to the same as one keyed by customer`() async throws {
        let keyed = try await run(try await records { _, customer in customer }, isKeyed: true)
        let sessions = try await records { number, _ in "session \(number % 11)" }
        let routed = try await run(sessions, isKeyed: false)

        #expect(keyed.summary.events == 3_006 && keyed.summary.rejected == 6)
        #expect(routed.summary == keyed.summary)
        #expect(routed.letters.count == 6)
        for letter in routed.letters {
            #expect(letter.header("shoal.topic") == "web" && letter.key.hasPrefix("session"))
            #expect(letter.header("shoal.reason") != nil)
        }
        #expect(routed.routed.count == 3_000)
        for record in routed.routed {
            #expect(record.value?.contains("\"who\":\"\(record.key)\"") == true)
            #expect(record.header("shoal.source") == "web")
        }
        // Whoever has a segment has it either way: all who were seen have been assigned to the first model.
        func members(_ changes: [TopicRecord]) -> Set<String> { Set(changes.map(\.key)) }
        #expect(members(routed.changes) == members(keyed.changes))
        #expect(members(keyed.changes).count == keyed.summary.customers)
        #expect(routed.changes.allSatisfy { $0.value?.contains("\"topic\":\"web\"") == false })
    }
}
