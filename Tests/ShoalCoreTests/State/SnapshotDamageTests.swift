import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Whatever happens to the bytes, it is noticed, or it makes no difference.
@Suite struct SnapshotDamageTests {
    private static func sound(customers: Int = 70, seed: UInt64 = 5) throws -> [UInt8] {
        var harness = try ShardHarness(features: Array(EveryFeature.all.prefix(16)))
        var history = RandomHistory(seed: seed, customers: customers)
        for _ in 0..<customers * 4 { _ = harness.receive(history.next()) }
        return harness.snapshot()
    }

    @Test(arguments: 0..<4)
    func `a flipped bit is noticed wherever it is`(quarter: Int) throws {
        let sound = try Self.sound()
        #expect(sound.snapshotFault == nil)
        var generator = SeededGenerator(seed: UInt64(quarter))
        var harmless = 0
        for _ in 0..<2_500 {
            let bit = generator.nextIndex(below: sound.count * 8)
            var damaged = sound
            damaged[bit / 8] ^= 1 << (bit % 8)
            if damaged.snapshotFault == nil { harmless += 1 }
        }
        #expect(harmless == 0)
    }

    @Test func `a snapshot cut short at any hundredth of its length is noticed`() throws {
        let sound = try Self.sound()
        for hundredth in 0..<100 {
            let cut = Array(sound.prefix(sound.count * hundredth / 100))
            #expect(cut.snapshotFault == (hundredth == 0 ? .empty : .truncated), "\(hundredth) %")
        }
        #expect(Array(sound.dropLast()).snapshotFault == .truncated)
        #expect((sound + [0]).snapshotFault == .surplus)
    }

    @Test func `a zeroed page is noticed`() throws {
        let sound = try Self.sound(customers: 1_500)
        #expect(sound.count > 16 * 4_096)
        for page in 0..<sound.count / 4_096 {
            var damaged = sound
            damaged.replaceSubrange(
                page * 4_096..<(page + 1) * 4_096, with: repeatElement(0, count: 4_096))
            #expect(damaged.snapshotFault != nil, "page \(page)")
        }
    }

    @Test func `the halves of two snapshots are no snapshot`() throws {
        let first = try Self.sound(seed: 1)
        let second = try Self.sound(seed: 2)
        let mixed = Array(first.prefix(first.count / 2) + second.dropFirst(second.count / 2))
        #expect(mixed.snapshotFault != nil)
    }

    @Test func `a later format is refused by its number`() throws {
        var later = try Self.sound()
        let version = SnapshotHeader.version + 1
        later[4] = UInt8(version)
        #expect(later.snapshotFault == .unknownVersion(version))
        #expect(SnapshotError.unknownVersion(version).description.contains("format \(version)"))
        // There never was a format 0.
        later[4] = 0
        #expect(later.snapshotFault == .unknownVersion(0))
    }

    @Test func `what is no snapshot at all is called so`() {
        #expect([UInt8]().snapshotFault == .empty)
        #expect(Array("{\"schema\":\"shoal.model/1\"}".utf8).snapshotFault == .notASnapshot)
        #expect([UInt8](repeating: 0, count: 100_000).snapshotFault == .notASnapshot)
    }

    @Test(arguments: 1...200 as ClosedRange<UInt64>)
    func `values that no shard has are refused, with every checksum right`(seed: UInt64) throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        var history = RandomHistory(seed: 9, customers: 40)
        for _ in 0..<100 { _ = harness.receive(history.next()) }
        var generator = SeededGenerator(seed: seed)
        // Scrambled before they are saved, so that only a look at the values can tell.
        let rows = harness.shard.profiles.liveRows
        let row = harness.shard.profiles.row(at: rows[generator.nextIndex(below: rows.count)])
        switch seed % 4 {
        case 0: row[accumulator: generator.nextIndex(below: 5), harness.shard.plan.layout] = .nan
        case 1: row.newestMilliseconds = Int64(bitPattern: generator.next() | 1 << 62)
        case 2: row.segmentID = .max - UInt32(generator.nextIndex(below: 1_000))
        default: row.firstSeenMilliseconds = -1
        }
        let fault = harness.snapshot().snapshotFault
        #expect(fault == .impossible("a customer that cannot be"))
    }

    @Test func `aliases that no shard writes are refused, and a hole brings none`() throws {
        var harness = try ShardHarness(features: EveryFeature.counts)
        for customer in ["c", "d"] {
            for type in ["search", "identify"] {
                _ = harness.receive(
                    #"{"type":"\#(type)","customer_id":"\#(customer)","anonymous_id":"visitor","timestamp":17672256"#
                        + "00000}")
            }
        }
        let row = harness.shard.profiles.row(at: 0)
        let aliases = harness.shard.profiles.stored(row, row.keyCount..<row.storedByteCount)
        // Longer than all of them.
        unsafe UnsafeMutablePointer(mutating: aliases.buffer.baseAddress)?.pointee = 200
        #expect(harness.snapshot().snapshotFault == .impossible("aliases that are none"))
        row.isRemoved = true
        #expect(harness.snapshot().snapshotFault != nil, "there are bytes of nobody")
    }
}
