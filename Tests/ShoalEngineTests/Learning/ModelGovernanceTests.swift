import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

/// A candidate's way into force and back, in a running engine.
@Suite(.tags(.broker), .serialized) struct ModelGovernanceTests {
    private func client(_ fixture: borrowing EngineFixture) throws -> ModelTopicClient {
        ModelTopicClient(
            properties: fixture.properties, topic: "shoal.model",
            plan: try FeaturePlan(fixture.settings().features))
    }

    /// An engine with a model of two segments and 40 customers in them.
    private func learned(_ fixture: borrowing EngineFixture) throws -> Engine {
        let engine = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "40 customers with a segment") {
            engine.status().segments.reduce(0) { $0 + $1.members } == 40
        }
        return engine
    }

    /// The live model with its first segment alone, which everybody must then be in.
    private func alone(_ live: SegmentModel) -> SegmentModel {
        var candidate = live
        candidate.segments.removeLast()
        candidate.centroids.removeLast(live.featureCount)
        candidate.masses.removeLast()
        return candidate
    }

    @Test func `a candidate is compared, promoted and rolled back, and the trainer goes on from each`() throws
    {
        let fixture = try EngineFixture(partitionCount: 2)
        let engine = try learned(fixture)
        let client = try client(fixture)
        let live = try #require(try client.read().live)
        try client.write(try client.read().proposing(alone(live)))
        try fixture.wait(for: "the candidate") { fixture.log.contain("a candidate of 1 segments") }
        try fixture.buy(customers: 0..<40, round: 3)
        try fixture.wait(for: "the comparison") { try client.read().report != nil }
        #expect(engine.status().modelGeneration == 1)
        let report = try #require(try client.read().report)
        #expect(report.basis == .vectors)
        #expect(report.matrix.reduce(0) { $0 + $1.count } == report.total)
        #expect(report.movers > 0)

        try client.write(try client.read().promoting())
        try fixture.wait(for: "all in one segment") {
            let status = engine.status()
            return status.modelGeneration == 2 && status.segments.map(\.members) == [40]
        }
        let promoted = engine.status().modelVersion
        try fixture.buy(customers: 0..<40, round: 4)
        try fixture.wait(for: "the trainer to go on") { engine.status().modelVersion > promoted }
        #expect(engine.status().segments.count == 1)
        let after = try client.read()
        #expect(after.candidate == nil)
        #expect(after.live?.generation == 2)
        #expect(after.history.map(\.generation) == [1])

        try client.write(try after.rollingBack(to: nil))
        try fixture.wait(for: "two segments again") {
            let status = engine.status()
            return status.modelGeneration == 3 && status.segments.count == 2
                && status.segments.allSatisfy { $0.members > 0 }
        }
        try fixture.buy(customers: 0..<40, round: 5)
        try fixture.wait(for: "all of it") { engine.status().records == 240 }
        #expect(engine.stop())
        #expect(engine.failure == nil)
        #expect(try client.read().live?.generation == 3)
        let changes = try fixture.changes()
        for number in 0..<40 {
            let own = changes.filter { $0.number == number }
            #expect(own.map(\.revision) == Array(1...own.count), "customer \(number)")
        }
        // Those of the second segment left it and came back.
        #expect(Set(changes.map(\.revision)).contains(3))
        fixture.close()
    }

    @Test func `a name given by a person is kept by learning, by lanes and by a restart`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        let first = try learned(fixture)
        let client = try client(fixture)
        try client.write(try client.read().renaming("s2", to: "Sunday people"))
        try fixture.wait(for: "the name") { first.status().segments.last?.name == "Sunday people" }
        let renamed = first.status().modelVersion
        try fixture.buy(customers: 0..<40, round: 3)
        try fixture.wait(for: "a later model") { first.status().modelVersion > renamed }
        try fixture.wait(for: "the trainer's own name of it") {
            try client.read().live.map { $0.version > renamed } ?? false
        }
        #expect(try client.read().live?.segments.last?.name == "Sunday people")
        #expect(first.status().segments.last?.name == "Sunday people")
        #expect(first.status().modelGeneration == 1)
        // A new customer of that segment is told of under its name.
        try fixture.buy(customers: 40..<48, round: 4)
        try fixture.wait(for: "new customers") { first.status().segments.reduce(0) { $0 + $1.members } == 48 }
        #expect(first.stop())
        let texts = try fixture.records(of: "segment-changes").compactMap { record in
            record.value.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(texts.contains { $0.contains("Sunday people") })
        let second = try fixture.engine(fixture.settings())
        try fixture.wait(for: "the model") { second.status().segments.last?.name == "Sunday people" }
        #expect(second.stop())
        fixture.close()
    }

    @Test func `models of another plan are refused, and their records are passed over`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        let engine = try learned(fixture)
        let client = try client(fixture)
        let live = try #require(try client.read().live)
        var other = live
        other.planHash ^= 1
        #expect(throws: ModelShelfError.self) { try client.read().proposing(other) }
        try client.write([ModelShelf.Entry(key: .live, model: other, directive: .promote)])
        try fixture.wait(for: "the refusal") { fixture.log.contain("shoal.model: a record is passed over") }
        try fixture.buy(customers: 0..<40, round: 3)
        try fixture.wait(for: "all of it") { engine.status().records == 160 }
        #expect(engine.status().modelGeneration == 1)
        #expect(engine.stop())
        #expect(engine.failure == nil)
        fixture.close()
    }
}
