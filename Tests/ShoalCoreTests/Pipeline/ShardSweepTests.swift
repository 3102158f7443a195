import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What the passing of time alone does to customers.
@Suite struct ShardSweepTests {
    private static let hour = 60

    /// Two segments of one feature, the hours since the last event: those who act, and those who lapse.
    private func harness(sweepHours: Int64) throws -> ShardHarness {
        var harness = try harnessWithoutModel(sweepHours: sweepHours)
        harness.shard.adopt(model(of: harness), into: &harness.output)
        return harness
    }

    private func harnessWithoutModel(sweepHours: Int64) throws -> ShardHarness {
        var settings = ModelSettings()
        settings.sweepInterval = sweepHours * 3_600_000
        return try ShardHarness(
            features: [FeatureDefinition(name: "silence", kind: .since(.all, cap: 1_000 * 3_600_000))],
            model: settings)
    }

    private func model(of harness: borrowing ShardHarness) -> SegmentModel {
        var model = SegmentModel(
            version: 1, generation: 1, planHash: harness.shard.plan.hash, featureNames: ["silence"],
            segments: [1, 2].map {
                SegmentModel.Segment(id: $0, name: "n\($0)", share: 0.5, outlierSquaredDistance: 1e9)
            },
            centroids: [0, 200], masses: [1, 1], scales: [100], means: [100], weights: [1], priors: [0],
            nextSegmentID: 3, trainedAtMilliseconds: 0)
        model.definitions = harness.shard.plan.definitions
        return model
    }

    private func event(_ customer: String, minute: Int) -> String {
        "{\"type\":\"page_view\",\"customer_id\":\"\(customer)\",\"timestamp\":\(1_767_225_600_000 + minute * 60_000)}"
    }

    @Test func `who goes silent moves to a lapsing segment without an event of their own`() throws {
        var harness = try harness(sweepHours: 24)
        for number in 0..<300 { _ = harness.receive(event("silent\(number)", minute: number)) }
        harness.output.removeAll()
        var moved: [Int: Int] = [:]
        for hour in 6..<200 {
            _ = harness.receive(event("busy", minute: hour * Self.hour))
            for record in harness.records(.changes) where record.key != "busy" {
                let value = try #require(record.value)
                #expect(value.contains("\"cause\":\"time\""))
                #expect(value.contains("\"to\":{\"id\":\"s2\""))
                moved[hour, default: 0] += 1
            }
            harness.output.removeAll()
        }
        #expect(moved.values.reduce(0, +) == 300, "each moves once")
        let latest = try #require(moved.keys.max())
        // At 100 hours of silence the second segment is as near; the margin adds a few.
        #expect(moved.keys.min() ?? 0 >= 100)
        #expect(latest <= 112 + 24 + 6)
        #expect(moved.values.max() ?? 0 <= 300 / 4, "no moment at which all are looked at")
    }

    @Test func `a jump of time has everybody looked at once`() throws {
        var harness = try harness(sweepHours: 24)
        for number in 0..<50 { _ = harness.receive(event("silent\(number)", minute: number)) }
        harness.output.removeAll()
        _ = harness.receive(event("busy", minute: 5_000 * Self.hour))
        let moved = harness.records(.changes).map(\.key).filter { $0 != "busy" }
        #expect(moved == (0..<50).map { "silent\($0)" })
    }

    @Test func `after a jump the looking is shared out among the next events`() throws {
        var harness = try harness(sweepHours: 24)
        let count = 2_500
        for number in 0..<count { _ = harness.receive(event("silent\(number)", minute: number)) }
        harness.output.removeAll()
        var moved: [Int] = []
        for second in 0..<4 {
            _ = harness.receive(event("busy", minute: 5_000 * Self.hour + second))
            moved.append(harness.records(.changes).count { $0.key != "busy" })
            harness.output.removeAll()
        }
        #expect(moved.reduce(0, +) == count)
        #expect(moved.allSatisfy { $0 <= 1_024 })
    }

    @Test func `a shard made again from its events alone looks at everybody when it would have`() throws {
        var first = try harness(sweepHours: 24)
        var again = try harnessWithoutModel(sweepHours: 24)
        func moves(_ harness: inout ShardHarness, hours: Range<Int>) -> [String] {
            hours.flatMap { hour in
                harness.output.removeAll()
                _ = harness.receive(event("busy", minute: hour * Self.hour))
                return harness.records(.changes).filter { $0.key != "busy" }.map { "\(hour) \($0.key)" }
            }
        }
        for number in 0..<300 {
            _ = first.receive(event("silent\(number)", minute: number))
            _ = again.receive(event("silent\(number)", minute: number))
        }
        #expect(moves(&first, hours: 6..<51) == [])
        #expect(moves(&again, hours: 6..<51) == [])
        for number in 0..<300 {
            let customer = Array("silent\(number)".utf8)
            let hasRestored = again.shard.restore(
                customer: customer, segmentID: 1, segmentName: "n1", revision: 1,
                firstSeen: 1_767_225_600_000)
            #expect(hasRestored)
        }
        again.shard.resume(model(of: first))
        let expected = moves(&first, hours: 51..<200)
        #expect(expected.count == 300)
        #expect(moves(&again, hours: 51..<200) == expected)
    }

    @Test func `time does not disturb who withdrew consent`() throws {
        var harness = try harness(sweepHours: 24)
        _ = harness.receive(event("silent", minute: 0))
        _ = harness.receive(
            "{\"type\":\"consent_withdrawn\",\"customer_id\":\"silent\",\"timestamp\":1767225600000}")
        harness.output.removeAll()
        _ = harness.receive(event("busy", minute: 5_000 * Self.hour))
        #expect(!harness.records(.changes).contains { $0.key == "silent" })
    }
}
