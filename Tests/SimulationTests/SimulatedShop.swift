@testable import ShoalCore
import ShoalKafka
import ShoalTestSupport

/// What is sold in the simulated world: events from a seed, a model that stays, and what a single thread that
/// never fails makes of them.
struct SimulatedShop {
    static let input = "clicks"
    private static let startMilliseconds: Int64 = 1_767_225_600_000

    let partitionCount: Int32
    private var generator: SeededGenerator
    private var sentCount = 0

    init(seed: UInt64, partitionCount: Int32) {
        self.partitionCount = partitionCount
        generator = SeededGenerator(seed: seed ^ 0x5eed)
    }

    static let features = [
        FeatureDefinition(name: "place", kind: .mean(of: "place", .all, halfLife: 3_600_000)),
        FeatureDefinition(name: "events", kind: .count(.all, halfLife: 3_600_000), transform: .log1p),
    ]

    static func model(planHash: UInt64) -> SegmentModel {
        SegmentModel(
            version: 1, generation: 1, planHash: planHash, featureNames: features.map(\.name),
            segments: (1...3).map {
                SegmentModel.Segment(id: $0, name: "place \($0)", share: 0.3, outlierSquaredDistance: 1e9)
            },
            centroids: [1, 1, 5, 1, 9, 1], masses: [100, 100, 100], scales: [2, 1], means: [5, 1],
            weights: [1, 0.1], priors: [0, 0], nextSegmentID: 4, trainedAtMilliseconds: 0)
    }

    /// The next record: mostly a move, else a duplicate, an erasure, or nothing usable.
    mutating func next() -> (partition: Int32, record: SimulatedBroker.Record) {
        let number = sentCount
        sentCount += 1
        // Every customer stays in one partition.
        let customer = Int(generator.next() % 40)
        let name = "c\(customer)"
        let time = Self.startMilliseconds + Int64(number) * 1_000 - Int64(generator.next() % 5_000)
        let text: String
        switch generator.next() % 16 {
        case 0: text = "{"
        case 1: text = #"{"type":"forget","customer_id":"\#(name)","timestamp":\#(time)}"#
        default:
            // Ids that come again are duplicates while the customer's last eight are remembered.
            let id = generator.next() % 20 == 0 ? number / 2 : number
            let place = Double(generator.next() % 100) / 10
            text =
                #"{"type":"move","customer_id":"\#(name)","timestamp":\#(time),"place":\#(place),"#
                + #""event_id":"e\#(id)"}"#
        }
        let record = SimulatedBroker.Record(
            key: Array(name.utf8), value: Array(text.utf8), headers: [], timestampMilliseconds: time)
        return (Int32(customer) % partitionCount, record)
    }

    /// What one partition's records come to.
    struct Reference {
        var changes: [String] = []
        var letterCount = 0
        var profiles: [String] = []
    }

    /// Takes a partition's records in, one after the other.
    static func reference(_ records: [SimulatedBroker.Record], partition: Int32) throws -> Reference {
        let plan = try FeaturePlan(features, keepsLastChange: false)
        var shard = Shard(
            plan: plan,
            settings: ShardSettings(
                model: ModelSettings(), batch: BatchSettings(), partition: partition, topics: [input],
                writesCurrentSegments: true, hash: KeyHash(first: 5, second: 6)))
        var output = OutputBuffer()
        shard.adopt(model(planHash: plan.hash), into: &output)
        var decoder = EventDecoder(
            source: .canonical(topics: [input]), schema: plan.schema, limits: EventLimits())
        var reference = Reference()
        for (offset, record) in records.enumerated() {
            let position = EventPosition(topic: 0, partition: partition, offset: Int64(offset))
            let isUsed = unsafe (record.value ?? []).withUnsafeBytes { bytes in
                // Safe: the bytes outlive the event, and the shard copies what it keeps.
                let outcome = unsafe decoder.decode(
                    bytes, isPadded: false, recordTimestampMilliseconds: record.timestampMilliseconds,
                    latestMilliseconds: .max)
                guard case .event = outcome else { return false }
                _ = shard.absorb(decoder.event, at: position, now: 0, into: &output)
                return true
            }
            if !isUsed { reference.letterCount += 1 }
            if shard.summaryIsDue(now: .max) { _ = shard.takeSummary() }
        }
        unsafe output.forEach { written, _, value in
            guard written.stream == .changes, let value = unsafe value else { return }
            unsafe reference.changes.append(String(decoding: value, as: UTF8.self))
        }
        reference.profiles = profiles(of: shard)
        return reference
    }

    /// Everything that is known of each customer, as text, sorted.
    static func profiles(of shard: borrowing Shard) -> [String] {
        var lines: [String] = []
        shard.forEachProfile { lines.append("\($0)") }
        return lines.sorted()
    }
}
