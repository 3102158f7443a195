internal import ShoalConfiguration
internal import ShoalCore
internal import ShoalSimulator

/// One partition fed by the simulated shop.
struct MeasuredShop: ~Copyable {
    let settings: ShardSettings
    var shard: Shard
    private var simulator: ShopSimulator
    private var decoder: EventDecoder
    private var output = OutputBuffer()
    private var line: [UInt8] = []
    private var offset: Int64 = 0

    init(_ configuration: ShoalConfiguration, customers: Int, events: Int) throws {
        var options = ShopSimulatorOptions()
        options.customers = customers
        // Everybody acts about alike, so that nearly all of the customers appear.
        options.zipfExponent = 0
        // Within the month that the simulated customers' story takes.
        options.speedUp = 30 * 86_400 * options.eventsPerSecond / Double(events)
        let plan = try FeaturePlan(
            configuration.features, keepsLastChange: configuration.model.minDwell > 0)
        settings = ShardSettings(
            model: configuration.model, batch: configuration.batch, partition: 0, topics: ["shop"],
            writesCurrentSegments: true, hash: .known)
        shard = Shard(plan: plan, settings: settings)
        simulator = ShopSimulator(options: options)
        decoder = EventDecoder(
            source: .canonical(), schema: plan.schema, limits: configuration.limits.replayEvents)
    }

    /// Takes events in.
    mutating func absorb(_ count: Int) {
        for _ in 0..<count {
            line.removeAll(keepingCapacity: true)
            _ = simulator.append(to: &line)
            if shard.summaryIsDue(now: 0) { _ = shard.takeSummary() }
            unsafe line.withUnsafeBytes { record in
                // Safe: the bytes live until the shard has copied what it keeps.
                let outcome = unsafe decoder.decode(
                    record, isPadded: false, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
                guard case .event = outcome else { return }
                let position = EventPosition(topic: 0, partition: 0, offset: offset)
                _ = shard.absorb(decoder.event, at: position, now: 0, into: &output)
            }
            offset += 1
            output.removeAll()
        }
    }

    mutating func freeze() -> SnapshotHeader {
        shard.freeze(
            at: SnapshotHeader.Place(
                cluster: "", group: "measure", partition: 0,
                inputs: [SnapshotHeader.Input(topic: "shop", offset: offset)], changesOffset: -1))
    }
}
