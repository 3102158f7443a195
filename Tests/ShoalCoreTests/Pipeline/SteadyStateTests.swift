import CAllocationCounter
import ShoalTestSupport
import Testing

@testable import ShoalCore

/// After warm-up an event goes through decoder and shard without a single heap allocation.
@Suite(.enabled(if: allocation_counter_is_active(), "a sanitizer has the allocator"))
struct SteadyStateTests {
    /// What the calling thread allocates in `body`.
    private static func allocations(_ body: () -> Void) -> Int {
        let before = allocation_counter_value()
        body()
        return Int(allocation_counter_value() - before)
    }

    @Test func `the counter sees every kind of allocation`() {
        var arrays: [[UInt8]] = []
        arrays.reserveCapacity(8)
        let plain = Self.allocations { arrays.append([UInt8](repeating: 1, count: 5_000)) }
        #expect(plain == 1)
        let growing = Self.allocations { arrays[0].append(contentsOf: arrays[0]) }
        #expect(growing >= 1)
        let aligned = Self.allocations {
            let block = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 64)
            unsafe block.deallocate()
        }
        #expect(aligned == 1)
        let none = Self.allocations { arrays[0][3] = 7 }
        #expect(none == 0)
    }

    /// Lines of JSON, one after the other in one block with room to read beyond.
    private struct Lines {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []

        init(_ lines: [String]) {
            for line in lines {
                ranges.append(bytes.count..<bytes.count + line.utf8.count)
                bytes += line.utf8
            }
            bytes += [UInt8](repeating: 0, count: 64)
        }
    }

    /// Feeds lines from `range` and returns the allocations made, without those of batch summaries.
    private static func feed(
        _ lines: Lines, _ range: Range<Int>, _ shard: inout Shard, _ decoder: inout EventDecoder,
        _ output: inout OutputBuffer
    ) -> Int {
        var total: UInt64 = 0
        unsafe lines.bytes.withUnsafeBytes { bytes in
            for index in range {
                if shard.summaryIsDue(now: 0) { _ = shard.takeSummary() }
                if output.bytes > 1 << 16 { output.removeAll() }
                let before = allocation_counter_value()
                let record = unsafe UnsafeRawBufferPointer(rebasing: bytes[lines.ranges[index]])
                let outcome = unsafe decoder.decode(
                    record, isPadded: true, recordTimestampMilliseconds: nil, latestMilliseconds: .max)
                if case .event = outcome {
                    let position = EventPosition(topic: 0, partition: 3, offset: Int64(index))
                    _ = shard.absorb(decoder.event, at: position, now: 0, into: &output)
                }
                total += allocation_counter_value() - before
            }
        }
        return Int(total)
    }

    @Test func `an event costs no allocation, whether it changes a segment or not`() throws {
        var history = RandomHistory(seed: 8, customers: 150)
        let texts = (0..<12_000).map { _ in history.next() }
        let lines = Lines(texts)
        // New ones are kept, which costs some; most are told again and again.
        let aliases = Lines(texts[7_000...].filter { $0.contains("identify") })
        var settings = ModelSettings()
        settings.clusterCount = .fixed(5)
        settings.warmup = 140
        settings.margin = 0
        let plan = try FeaturePlan(EveryFeature.all)
        var shard = Shard(
            plan: plan,
            settings: ShardSettings(
                model: settings, batch: BatchSettings(), partition: 3, topics: ["clicks"],
                writesCurrentSegments: true, hash: KeyHash(first: 1, second: 2)))
        var decoder = EventDecoder(source: .canonical(), schema: plan.schema, limits: EventLimits())
        var output = OutputBuffer()
        _ = Self.feed(lines, 0..<3_000, &shard, &decoder, &output)
        var trainer = Trainer(features: EveryFeature.all, planHash: plan.hash, settings: settings)
        let published = trainer.absorb(shard.takeSummary())
        let model = try #require(published)
        shard.adopt(model, into: &output)
        // Once with every buffer growing to what it needs, and all with the aliases that are told again.
        _ = Self.feed(lines, 3_000..<7_000, &shard, &decoder, &output)
        _ = Self.feed(aliases, 0..<aliases.ranges.count, &shard, &decoder, &output)
        let before = shard.counters
        let allocations = Self.feed(lines, 7_000..<12_000, &shard, &decoder, &output)
        let work = shard.counters - before
        #expect(work.accepted > 4_000 && work.changes > 100, "it did what it is there for")
        #expect(allocations == 0, "in \(work)")
    }
}
