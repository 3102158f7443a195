import ShoalCore
import ShoalEngine
import ShoalKafka
import Testing

/// A trainer whose turn ends while its process lives, and begins again.
@Suite(.tags(.broker), .serialized) struct TrainerTurnTests {
    /// The versions of the model in force, in the order in which they were published.
    private func versions(_ fixture: borrowing EngineFixture) throws -> [Int] {
        try fixture.records(of: "shoal.model")
            .filter { $0.key == Array(ModelShelf.Key.live.text.utf8) }
            .map { try SegmentModel(artifact: #require($0.value), planHash: nil, featureNames: []).version }
    }

    @Test func `a trainer that the group gives up forgets, and goes on from what is published`() throws {
        let fixture = try EngineFixture(partitionCount: 1)
        let engine = try fixture.engine(fixture.settings())
        for round in 0..<3 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "a model") { engine.status().modelVersion > 0 && engine.status().isIdle }
        #expect(engine.status().trainer.isActive)
        // Longer than its session: the group's other members would go on.
        try fixture.broker.setReachable(false)
        try fixture.wait(for: "the turn to end") { !engine.status().trainer.isActive }
        #expect(fixture.log.contain("trainer: not active any more"))
        try fixture.broker.setReachable(true)
        try fixture.wait(for: "another turn") { engine.status().trainer.isActive }
        let before = engine.status().modelVersion
        #expect(fixture.log.contain("trainer: active, going on from model version \(before)"))
        try fixture.wait(for: "the input again") { engine.status().partitionCount == 1 }
        for round in 3..<6 { try fixture.buy(customers: 0..<40, round: round) }
        try fixture.wait(for: "a newer model") { engine.status().modelVersion > before }
        #expect(engine.stop())
        #expect(engine.failure == nil)
        let published = try versions(fixture)
        #expect(published.count > 1)
        #expect(zip(published, published.dropFirst()).allSatisfy { $0 < $1 }, "\(published)")
        #expect(fixture.log.all.count { $0.contains("trainer: first model") } == 1)
        fixture.close()
    }
}
