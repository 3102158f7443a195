import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

/// Trainers of several processes, of which the group lets one at a time learn.
@Suite(.tags(.broker), .serialized) struct TrainerTurnTests {
    /// The versions of the model in force, in the order in which they were published.
    private func versions(_ fixture: borrowing EngineFixture) throws -> [Int] {
        try fixture.records(of: "shoal.model")
            .filter { $0.key == Array(ModelShelf.Key.live.text.utf8) }
            .map { try SegmentModel(artifact: #require($0.value), planHash: nil, featureNames: []).version }
    }

    @Test func `a trainer whose turn is over forgets, and whoever goes on continues the model`() throws {
        let fixture = try EngineFixture(partitionCount: 2)
        let first = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "a model") { first.status().modelVersion > 0 }
        let second = try fixture.engine(fixture.settings(instance: "1"))
        let engines = [first, second]
        // All give up what they have when a member comes, for a moment at least.
        try fixture.wait(for: "the turn to end") { fixture.log.contain("trainer: not active any more") }
        try fixture.wait(for: "one to go on") { engines.count { $0.status().trainer.isActive } == 1 }
        try fixture.wait(for: "both to share the work") {
            engines.allSatisfy { $0.status().partitionCount == 1 }
        }
        let before = engines.map { $0.status().modelVersion }.max() ?? 0
        for round in 3..<6 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "a newer model in both") {
            engines.allSatisfy { $0.status().modelVersion > before }
        }
        let active = try #require(engines.first { $0.status().trainer.isActive })
        let other = try #require(engines.first { !$0.status().trainer.isActive })
        #expect(other.status().trainer.alerts.isEmpty)
        #expect(active.stop())
        try fixture.wait(for: "the other's turn") {
            other.status().trainer.isActive && other.status().partitionCount == 2
        }
        let last = other.status().modelVersion
        for round in 6..<9 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "a newer model") { other.status().modelVersion > last }
        #expect(other.stop())
        let published = try versions(fixture)
        #expect(published.count > 2)
        #expect(zip(published, published.dropFirst()).allSatisfy { $0 < $1 }, "\(published)")
        #expect(fixture.log.all.count { $0.contains("trainer: first model") } == 1)
        #expect(first.failure == nil && second.failure == nil)
        fixture.close()
    }
}
