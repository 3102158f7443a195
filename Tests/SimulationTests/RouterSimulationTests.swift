import ShoalTestSupport
import Testing

/// Routers with crashes, pauses, rebalances and lost replies from a seed.
@Suite(.tags(.simulation)) struct RouterSimulationTests {
    private func anomalies(
        seed: UInt64, processes: Int, strayRate: Double = 0, hidesLosses: Bool = false
    ) throws -> (found: [String], crashes: Int) {
        let world = try RoutedWorld(
            seed: seed, processes: processes, strayRate: strayRate, hidesLosses: hidesLosses)
        try world.run(records: 400, steps: 1_500)
        let isSettled = try world.settle(steps: 20_000)
        var found = world.anomalies()
        if !isSettled { found.insert("not settled", at: 0) }
        return (found, world.crashes)
    }

    @Test(arguments: [UInt64](1...20))
    func `every record is routed once, or is one dead letter, whatever dies`(seed: UInt64) throws {
        let (found, crashes) = try anomalies(seed: seed, processes: 1 + Int(seed % 3))
        #expect(found.isEmpty, "seed \(seed)")
        #expect(crashes > 0, "nothing happened in seed \(seed)")
    }

    @Test(arguments: [UInt64](101...110))
    func `a request to end a transaction may arrive again during the next one`(seed: UInt64) throws {
        #expect(try anomalies(seed: seed, processes: 2, strayRate: 0.9).found.isEmpty, "seed \(seed)")
    }

    /// Proves the test above: it is the new session that helps, not luck.
    @Test func `a router that does not hear of lost connections is torn by such a request`() throws {
        let torn = try [UInt64](101...120).filter { seed in
            try !anomalies(seed: seed, processes: 2, strayRate: 0.9, hidesLosses: true).found.isEmpty
        }
        #expect(!torn.isEmpty)
    }
}
