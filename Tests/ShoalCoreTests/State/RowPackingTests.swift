import ShoalTestSupport
import Testing

@testable import ShoalCore

/// Rows that were packed are the same bit for bit, and bytes that are no packed rows are refused.
@Suite struct RowPackingTests {
    /// What has to be readable behind packed bytes, and to mean nothing.
    private static let slack = [UInt8](repeating: 0xff, count: PackedInput.slackBytes)

    /// A header for rows of a plan that keeps a bit of everything.
    private static func header(
        accumulators: Int = 7, times: Int = 2, sketches: Int = 1, keepsLastChange: Bool = true,
        streamTime: Int64 = 1_767_000_000_000
    ) -> SnapshotHeader {
        let layout = ProfileLayout(
            timeCount: times, sketchCount: sketches, accumulatorCount: accumulators,
            keepsLastChange: keepsLastChange)
        return SnapshotHeader(
            place: .test, rowCount: 0, customerCount: 0, streamTimeMilliseconds: streamTime,
            cursors: SnapshotHeader.Cursors(), modelVersion: 0, modelGeneration: 0,
            counters: ShardCounters(), priors: [], segments: [],
            plan: SnapshotPlan(hash: 0, features: [], layout: layout))
    }

    /// Bytes of one of the shapes that a column of bytes may have.
    private static func byte(_ shape: Int, _ generator: inout SeededGenerator) -> UInt8 {
        switch shape {
        case 0: 0
        case 1: UInt8(generator.nextIndex(below: 256))
        case 2: 48 + UInt8(generator.nextIndex(below: 10))
        case 3: generator.nextUnit() < 0.6 ? 0 : UInt8(generator.nextIndex(below: 256))
        case 4: 128
        case 5: UInt8(generator.nextIndex(below: 64))
        case 6: UInt8(generator.nextIndex(below: 65))
        default: generator.nextUnit() < 0.01 ? 0 : 255
        }
    }

    private static func rows(
        _ count: Int, stride: Int, _ generator: inout SeededGenerator
    ) -> [UInt8] {
        var rows = [UInt8](repeating: 0, count: count * stride)
        for byte in 0..<stride {
            let shape = generator.nextIndex(below: 8)
            for row in 0..<count { rows[row * stride + byte] = Self.byte(shape, &generator) }
        }
        // Words that are zero as a whole, as those of accumulators that nothing has touched.
        for word in 0..<stride / 4 where generator.nextUnit() < 0.3 {
            let share = generator.nextUnit()
            for row in 0..<count where generator.nextUnit() < share {
                for byte in 0..<4 { rows[row * stride + 4 * word + byte] = 0 }
            }
        }
        return rows
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func `rows of any content come back bit for bit`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let header = Self.header(
            accumulators: generator.nextIndex(below: 9), times: generator.nextIndex(below: 4),
            sketches: generator.nextIndex(below: 3), keepsLastChange: generator.nextUnit() < 0.5,
            streamTime: generator.nextUnit() < 0.2 ? .min : 1_767_000_000_000)
        let stride = header.plan.layout.stride
        var packer = RowPacker(header)
        let unpacker = RowUnpacker(header)
        // One packer after the other, as in a snapshot: nothing of a group may show in the next.
        for count in [1_024, 1, 64 + generator.nextIndex(below: 200), 7] {
            let rows = Self.rows(count, stride: stride, &generator)
            var packed: [UInt8] = []
            unsafe packer.pack(rows) { packed = unsafe Array($0) }
            #expect(packed.count <= RowUnpacker.bytesMax(rowCount: count, stride: stride))
            var unpacked = [UInt8](repeating: 0xa5, count: count * stride)
            try unpacker.unpack(packed + Self.slack, into: &unpacked, count: count)
            #expect(unpacked == rows, "seed \(seed), \(count) rows")
        }
    }

    @Test(arguments: [0, 1, 3, 10, 23, 24, 25, 26, 60, 127, 128])
    func `sketches of any number of bits come back`(bitsEach: Int) throws {
        var generator = SeededGenerator(seed: UInt64(bitsEach))
        let header = Self.header(accumulators: 0, times: 0, sketches: 1, keepsLastChange: false)
        let stride = header.plan.layout.stride
        let count = 200
        var rows = [UInt8](repeating: 0, count: count * stride)
        for row in 0..<count {
            // Some differ much from the rest, as the way is chosen for all together.
            let bits = row % 50 == 0 ? 128 * (row / 50 % 2) : bitsEach
            for _ in 0..<bits {
                let bit = bits == 128 ? 0 : generator.nextIndex(below: 128)
                rows[row * stride + header.plan.layout.sketches + bit / 8] |= 1 << UInt8(bit % 8)
            }
            if bits == 128 {
                for byte in 0..<16 { rows[row * stride + header.plan.layout.sketches + byte] = 255 }
            }
        }
        var packer = RowPacker(header)
        var packed: [UInt8] = []
        unsafe packer.pack(rows) { packed = unsafe Array($0) }
        #expect(packed.count <= RowUnpacker.bytesMax(rowCount: count, stride: stride))
        var unpacked = [UInt8](repeating: 0xa5, count: rows.count)
        try RowUnpacker(header).unpack(packed + Self.slack, into: &unpacked, count: count)
        #expect(unpacked == rows)
        if bitsEach == 10 { #expect(packed.count < count * 9, "\(packed.count)") }
    }

    @Test(arguments: [UInt8(0), 1, 127, 128, 255])
    func `rows that are all alike come back and take next to nothing`(byte: UInt8) throws {
        let header = Self.header()
        let stride = header.plan.layout.stride
        let rows = [UInt8](repeating: byte, count: 1_024 * stride)
        var packer = RowPacker(header)
        var packed: [UInt8] = []
        unsafe packer.pack(rows) { packed = unsafe Array($0) }
        // Fingerprints and the gaps of sketches are written all the same.
        let sets = byte == 0 ? 0 : 1_024 * (32 + 16)
        #expect(packed.count < 2_048 + sets)
        let unpacker = RowUnpacker(header)
        var unpacked = [UInt8](repeating: 0xa5, count: rows.count)
        try unpacker.unpack(packed + Self.slack, into: &unpacked, count: 1_024)
        #expect(unpacked == rows)
    }

    @Test func `every pair of times has a code that gives the time back`() {
        let times: [Int64] = [
            .min, .min + 1, .min + 2, -1, 0, 1, 946_684_800_000, 1_767_000_000_000, .max - 1, .max,
        ]
        for reference in times {
            var codes = Set<UInt64>()
            for time in times {
                let code = TimeCode.code(time, before: reference)
                #expect(TimeCode.time(code, before: reference) == time)
                #expect(codes.insert(code).inserted, "\(time) before \(reference)")
                let step = TimeCode.step(from: reference, to: time)
                #expect(TimeCode.time(after: reference, step: step) == time)
            }
            #expect(TimeCode.code(.min, before: reference) == 0)
        }
        #expect(TimeCode.code(999, before: 1_000) == 2)
        #expect(TimeCode.step(from: 1_000, to: 999) == 1 && TimeCode.step(from: 999, to: 1_000) == 2)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `bytes that were changed or cut short give rows or an error, never a trap`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let header = Self.header()
        let stride = header.plan.layout.stride
        let count = 1 + generator.nextIndex(below: 90)
        var packed: [UInt8] = []
        var packer = RowPacker(header)
        unsafe packer.pack(Self.rows(count, stride: stride, &generator)) { packed = unsafe Array($0) }
        let unpacker = RowUnpacker(header)
        var rows = [UInt8](repeating: 0, count: count * stride)
        func fault(_ bytes: [UInt8]) -> SnapshotError? {
            do throws(SnapshotError) {
                try unpacker.unpack(bytes + Self.slack, into: &rows, count: count)
                return nil
            } catch {
                return error
            }
        }
        #expect(fault(packed) == nil)
        var refused = 0
        for _ in 0..<200 {
            var changed = packed
            changed[generator.nextIndex(below: packed.count)] = UInt8(generator.nextIndex(below: 256))
            if fault(changed) != nil { refused += 1 }
        }
        // Kinds, numbers of choices and presence decide over all that follows.
        #expect(refused > 0)
        for length in 0..<min(packed.count, 400) {
            #expect(fault(Array(packed.prefix(length))) != nil, "\(length) bytes")
        }
        #expect(fault(packed + [0]) == .impossible("rows with something left over"))
        for _ in 0..<100 {
            let length = generator.nextIndex(below: 500)
            _ = fault((0..<length).map { _ in UInt8(generator.nextIndex(below: 256)) })
        }
    }

    /// The bytes of a column of bytes.
    private static func column(_ bytes: [UInt8]) -> [UInt8] {
        var columns = ColumnWriter(stride: 96)
        for (index, byte) in bytes.enumerated() { unsafe columns.space.symbols[index] = UInt16(byte) }
        columns.appendBytes(bytes.count)
        return unsafe Array(columns.output.bytes)
    }

    @Test func `a column of bytes is written in the shortest of its ways`() {
        func count(_ bytes: [UInt8]) -> Int { Self.column(bytes).count }
        #expect(Self.column([UInt8](repeating: 9, count: 1_024)) == [3, 1, 9])
        // Ten digits, all as frequent: with k = 2, 3 bits for four of them, 4 for four, 5 for two.
        #expect(count((0..<1_000).map { UInt8(48 + $0 % 10) }) == 2 + 10 + 1_000 * 38 / 80)
        // Sixteen: four bits each.
        #expect(count((0..<1_024).map { UInt8($0 % 16) }) == 2 + 16 + 512)
        // All 256 bytes, and 65: as they are.
        #expect(count((0..<1_024).map { UInt8($0 % 256) }) == 1 + 1_024)
        #expect(count((0..<1_024).map { UInt8($0 % 65) }) == 1 + 1_024)
        // One in sixteen another: a bit each.
        #expect(count((0..<1_024).map { $0 % 16 == 0 ? 64 : 63 }) == 2 + 2 + 128)
        // One in sixteen one of three others: one bit for the many, two to four for the few.
        #expect(count((0..<1_024).map { $0 % 16 == 0 ? UInt8($0 / 16 % 3) : 63 }) == 2 + 4 + 144)
        // The first of the symbols is the most frequent, told by a single bit.
        #expect(Self.column([5, 7, 7, 7, 7, 7, 7, 7]) == [3, 2, 7, 5, 0b1])
    }

    @Test func `a number's column is told by the exponents, and one like another by its place`() throws {
        let header = Self.header(accumulators: 3, times: 0, sketches: 0, keepsLastChange: false)
        let layout = header.plan.layout
        var generator = SeededGenerator(seed: 3)
        func packedCount(_ numbers: [[Float]]) throws -> Int {
            var rows = [UInt8](repeating: 0, count: 1_024 * layout.stride)
            for row in 0..<1_024 {
                for (slot, column) in numbers.enumerated() {
                    let place = row * layout.stride + layout.accumulators + 4 * slot
                    for byte in 0..<4 {
                        rows[place + byte] = UInt8(
                            truncatingIfNeeded: column[row].bitPattern >> UInt32(8 * byte))
                    }
                }
            }
            var packer = RowPacker(header)
            var packed: [UInt8] = []
            unsafe packer.pack(rows) { packed = unsafe Array($0) }
            var unpacked = [UInt8](repeating: 0xa5, count: rows.count)
            try RowUnpacker(header).unpack(packed + Self.slack, into: &unpacked, count: 1_024)
            #expect(unpacked == rows)
            return packed.count
        }
        let zeros = [Float](repeating: 0, count: 1_024)
        let ones = (0..<1_024).map { _ in 1 + Float(generator.nextUnit() * 0.99) }
        let none = try packedCount([zeros, zeros, zeros])
        // 23 bits each, and none for an exponent that all have.
        let one = try packedCount([ones, zeros, zeros])
        #expect(one - none == 1_024 * 23 / 8)
        // Half of them zero: a bit each, and 23 for the others.
        let half = try packedCount([ones.enumerated().map { $0 % 2 == 0 ? 0 : $1 }, zeros, zeros])
        #expect(half - none == 128 + 512 * 23 / 8 + 2)
        #expect(try packedCount([ones, ones, zeros]) == one)
        #expect(try packedCount([ones, zeros, ones]) == one)
        // Every exponent there is, denormals, infinities and what is no number at all.
        let all = (0..<1_024).map { Float(bitPattern: UInt32($0) << 22 | UInt32($0)) }
        #expect(try packedCount([all, ones, ones.map(-)]) > 2 * one)
    }
}
