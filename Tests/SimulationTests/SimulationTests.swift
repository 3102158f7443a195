import Foundation
import ShoalEngine
import ShoalTestSupport
import Testing

extension Tag {
    @Tag static var simulation: Self
}

/// The engine's lanes against a simulated broker, with crashes, rebalances and lost replies from a seed.
///
/// What is committed must be, byte for byte, what one thread that never fails makes of the same input.
@Suite(.tags(.simulation)) struct SimulationTests {
    private func anomalies(
        seed: UInt64, processes: Int, lanes: Int, weather: SimulatedWorld.Weather,
        records: Int = 300, steps: Int = 1_500
    ) throws -> (found: [String], world: SimulatedWorld) {
        let world = try SimulatedWorld(
            seed: seed, partitionCount: 4, processes: processes, lanes: lanes, weather: weather)
        try world.run(records: records, steps: steps)
        let isSettled = try world.settle(steps: 20_000)
        var found = try world.anomalies()
        if !isSettled { found.insert("not settled", at: 0) }
        return (found, world)
    }

    @Test(arguments: [UInt64](1...20))
    func `nothing is lost, doubled or wrong, whatever dies`(seed: UInt64) throws {
        let (found, world) = try anomalies(seed: seed, processes: 2, lanes: 2, weather: .init())
        #expect(found.isEmpty, "seed \(seed)")
        #expect(world.crashes + world.stops + world.pauses > 0, "nothing happened in seed \(seed)")
    }

    @Test(arguments: [UInt64](51...60))
    func `damaged snapshots are passed over`(seed: UInt64) throws {
        var weather = SimulatedWorld.Weather()
        weather.damageRate = 0.05
        weather.crashRate = 0.01
        let (found, world) = try anomalies(seed: seed, processes: 2, lanes: 2, weather: weather)
        #expect(found.isEmpty, "seed \(seed)")
        #expect(world.damages > 0)
    }

    @Test(arguments: [UInt64](71...75))
    func `without snapshots everything is made again from what is retained`(seed: UInt64) throws {
        var weather = SimulatedWorld.Weather()
        weather.snapshotInterval = nil
        let (found, _) = try anomalies(seed: seed, processes: 2, lanes: 2, weather: weather)
        #expect(found.isEmpty, "seed \(seed)")
    }

    /// Requests to end a transaction that arrive again later, on hosts that often fail meanwhile.
    private static var strays: SimulatedWorld.Weather {
        var weather = SimulatedWorld.Weather()
        weather.strayRate = 0.9
        weather.crashRate = 0.01
        return weather
    }

    @Test(arguments: [UInt64](101...110))
    func `a request to end a transaction may arrive again during the next one`(seed: UInt64) throws {
        let (found, _) = try anomalies(seed: seed, processes: 2, lanes: 1, weather: Self.strays)
        #expect(found.isEmpty, "seed \(seed)")
    }

    /// Proves the test above: it is the replaced producer that helps, not luck.
    @Test func `who does not hear of lost connections is torn by such a request`() throws {
        var weather = Self.strays
        weather.hidesLosses = true
        let torn = try [UInt64](101...130).filter { seed in
            try !anomalies(seed: seed, processes: 2, lanes: 1, weather: weather).found.isEmpty
        }
        #expect(!torn.isEmpty)
    }

    @Test(arguments: [UInt64](201...205))
    func `three processes that come and go hand partitions on whole`(seed: UInt64) throws {
        var weather = SimulatedWorld.Weather()
        weather.stopRate = 0.02
        let (found, world) = try anomalies(seed: seed, processes: 3, lanes: 2, weather: weather)
        #expect(found.isEmpty, "seed \(seed)")
        #expect(world.stops > 5)
    }

    /// One process on a day without trouble, which has done all there was to do.
    private func calmWorld(seed: UInt64, offsetReset: String) throws -> SimulatedWorld {
        var weather = SimulatedWorld.Weather.calm
        weather.offsetReset = offsetReset
        let world = try SimulatedWorld(
            seed: seed, partitionCount: 4, processes: 1, lanes: 2, weather: weather)
        try world.run(records: 200, steps: 1_000)
        #expect(try world.settle(steps: 20_000))
        return world
    }

    @Test(arguments: [UInt64](301...303))
    func `an input made anew is read from its first record where that is wanted, and counted`(
        seed: UInt64
    ) throws {
        let world = try calmWorld(seed: seed, offsetReset: "earliest")
        world.makeInputAnew()
        try world.run(records: 80, steps: 1_000)
        #expect(try world.settle(steps: 20_000), "seed \(seed)")
        #expect(world.statuses.reduce(0) { $0 + $1.records } == 280, "seed \(seed)")
        #expect(world.statuses.reduce(0) { $0 + $1.lostPlaces } == 4, "seed \(seed)")
        #expect(world.failures.isEmpty, "seed \(seed)")
    }

    @Test func `an input made anew ends the process unless its first record is wanted`() throws {
        let world = try calmWorld(seed: 304, offsetReset: "error")
        world.makeInputAnew()
        try world.run(records: 10, steps: 1_000)
        #expect(world.failures.contains { $0.contains("_AUTO_OFFSET_RESET") }, "\(world.failures)")
    }

    @Test(arguments: [UInt64](306...308))
    func `a group without its offsets ends, and goes on from its snapshots as if it had them`(
        seed: UInt64
    ) throws {
        let world = try calmWorld(seed: seed, offsetReset: "error")
        world.stopAll()
        world.forgetOffsets()
        try world.run(records: 40, steps: 1_000)
        #expect(!world.failures.isEmpty)
        #expect(world.failures.allSatisfy { $0.contains("run shoal state resume") }, "\(world.failures)")
        world.stopAll()
        try world.resumeGroup()
        try world.run(records: 60, steps: 1_000)
        #expect(try world.settle(steps: 20_000), "seed \(seed)")
        #expect(try world.anomalies().isEmpty, "seed \(seed)")
    }

    @Test func `a group without its offsets begins anew where that is wanted`() throws {
        let world = try calmWorld(seed: 309, offsetReset: "earliest")
        world.stopAll()
        world.forgetOffsets()
        try world.run(records: 0, steps: 1_000)
        #expect(try world.settle(steps: 20_000))
        #expect(world.statuses.reduce(0) { $0 + $1.records } == 200)
        #expect(world.failures.isEmpty)
    }

    @Test func `partitions that are added end the process with the reason`() throws {
        let world = try calmWorld(seed: 305, offsetReset: "error")
        world.broker.addPartitions(4)
        try world.run(records: 10, steps: 1_000)
        let words = "had 4 partitions at the start and has one numbered 4 now"
        #expect(world.failures.contains { $0.contains(words) }, "\(world.failures)")
    }

    /// `SHOAL_SIMULATION_SEEDS=1000..<11000 swift test --filter SimulationTests` runs as many as wanted.
    @Test(.enabled(if: SimulationSeeds.wanted != nil, "SHOAL_SIMULATION_SEEDS names no range"))
    func `seeds that are asked for`() throws {
        for seed in SimulationSeeds.wanted ?? 0..<0 {
            var weather = SimulatedWorld.Weather()
            weather.strayRate = Double(seed % 3) * 0.05
            weather.lossRate = Double(seed % 5) * 0.01
            weather.damageRate = Double(seed % 4) * 0.01
            if seed % 7 == 0 { weather.snapshotInterval = nil }
            let processes = 1 + Int(seed % 3)
            let (found, _) = try anomalies(seed: seed, processes: processes, lanes: 2, weather: weather)
            #expect(found.isEmpty, "SHOAL_SIMULATION_SEEDS=\(seed)..<\(seed + 1)")
        }
    }
}

/// Seeds named in the environment.
private enum SimulationSeeds {
    static var wanted: Range<UInt64>? {
        let bounds = ProcessInfo.processInfo.environment["SHOAL_SIMULATION_SEEDS"]?.split(separator: "..<")
            .compactMap { UInt64($0) }
        guard let bounds, bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        return bounds[0]..<bounds[1]
    }
}
