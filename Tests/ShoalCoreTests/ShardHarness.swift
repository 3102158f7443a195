import ShoalCore

/// A shard fed with lines of JSON, as the engine feeds it.
struct ShardHarness: ~Copyable {
    var shard: Shard
    var decoder: EventDecoder
    var output = OutputBuffer()
    /// The offset of the next event.
    var line: Int64 = 0

    init(
        features: [FeatureDefinition], model: ModelSettings = ModelSettings(),
        batch: BatchSettings = BatchSettings(), topics: [String] = ["clicks"],
        limits: ProfileLimits = ProfileLimits(), holdout: Holdout? = nil
    ) throws {
        let plan = try FeaturePlan(features, keepsLastChange: model.minDwell > 0)
        var settings = ShardSettings(
            model: model, batch: batch, partition: 3, topics: topics, writesCurrentSegments: true,
            hash: KeyHash(first: 1, second: 2))
        settings.limits = limits
        settings.holdout = holdout
        shard = Shard(plan: plan, settings: settings)
        decoder = EventDecoder(source: .canonical(), schema: plan.schema, limits: EventLimits())
    }

    /// Decodes and absorbs one line; `nil` if the decoder did not accept it.
    mutating func receive(_ text: String) -> Shard.Outcome? {
        let bytes = Array(text.utf8)
        if shard.summaryIsDue(now: 0) { _ = shard.takeSummary() }
        defer { line += 1 }
        return unsafe bytes.withUnsafeBytes { record in
            let outcome = unsafe decoder.decode(
                record, isPadded: false, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
            guard case .event = outcome else { return nil }
            let position = EventPosition(topic: 0, partition: 3, offset: line)
            return shard.absorb(decoder.event, at: position, now: 0, into: &output)
        }
    }

    /// The changes written so far, as text.
    func records(_ stream: OutputBuffer.Stream) -> [(key: String, value: String?)] {
        var records: [(String, String?)] = []
        unsafe output.forEach { record, key, value in
            guard record.stream == stream else { return }
            let text = unsafe value.map { unsafe String(decoding: $0, as: UTF8.self) }
            records.append((unsafe String(decoding: key, as: UTF8.self), text))
        }
        return records
    }
}
