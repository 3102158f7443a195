import ShoalEngine
import ShoalKafka
import ShoalTestSupport
import Testing

extension Tag {
    @Tag static var simulation: Self
}

/// Seeded runs of a lane's bookkeeping against a broker that loses, doubles and delays what it is told.
@Suite(.tags(.simulation)) struct TransactionSimulationTests {
    private static let seeds: ClosedRange<UInt64> = 1...1_000

    /// What a seed's run comes to, once everything works again.
    private func outcome(_ simulation: SimulatedLane) -> SimulatedLane.Outcome {
        var simulation = simulation
        for _ in 0..<400 { simulation.step() }
        simulation.heal()
        return simulation.outcome
    }

    @Test(arguments: seeds)
    func `whatever the broker does, every record counts once, and in order`(seed: UInt64) {
        let outcome = outcome(SimulatedLane(seed: seed))
        #expect(outcome.isWhole, "seed \(seed): \(outcome)")
        #expect(!outcome.committed.isEmpty)
    }

    @Test func `a lane that uses a producer again after an unsure commit is caught`() {
        #expect(Self.seeds.contains { !outcome(SimulatedLane(seed: $0, trustsUnsureCommits: true)).isWhole })
    }

    @Test func `a lane that keeps its memory after an abort is caught`() {
        #expect(
            Self.seeds.contains { !outcome(SimulatedLane(seed: $0, keepsMemoryAfterAbort: true)).isWhole })
    }
}
