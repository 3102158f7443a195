import ShoalTestSupport
import Testing

@testable import ShoalCore

@Suite struct ProfileTableTests {
    private static let layout = ProfileLayout(
        timeCount: 2, sketchCount: 1, accumulatorCount: 5, keepsLastChange: true)
    private static let hash = KeyHash(first: 0x1234_5678_9abc_def0, second: 0xfeed_beef)

    private static func table(hash: KeyHash = hash, rowCapacity: Int = 16) -> ProfileTable {
        ProfileTable(layout: layout, hash: hash, rowCapacity: rowCapacity)
    }

    /// What the table should hold: a mark for each key, and the keys in order of first appearance.
    private struct Oracle {
        var marks: [[UInt8]: UInt32] = [:]
        var order: [[UInt8]] = []
        var gone: Set<[UInt8]> = []
    }

    /// A key of any length that may occur, often near the bound of those that lie in the row.
    private static func key(_ generator: inout SeededGenerator, distinct: Int) -> [UInt8] {
        let number = generator.nextIndex(below: distinct)
        // The length follows from the number, so that keys recur.
        let lengths = [1, 2, 3, 8, 9, 15, 16, 17, 18, 24, 31, 32, 33, 100, 255, 256]
        let length = lengths[number % lengths.count]
        var spread = SeededGenerator(seed: UInt64(number))
        return (0..<length).map { _ in UInt8(truncatingIfNeeded: spread.next()) }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func `it finds what a dictionary finds, through growth and compaction`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var table = Self.table()
        var oracle = Oracle()
        var mark: UInt32 = 0
        for step in 1...16_000 {
            let key = Self.key(&generator, distinct: 9_000)
            if generator.nextUnit() < (step < 8_000 ? 0.8 : 0.35) {
                let (index, isNew) = table.insert(key)
                #expect(isNew == (oracle.marks[key] == nil), "seed \(seed) step \(step)")
                if isNew {
                    mark += 1
                    table.row(at: index).revision = mark
                    oracle.marks[key] = mark
                    oracle.order.append(key)
                    oracle.gone.remove(key)
                }
                #expect(table.row(at: index).revision == oracle.marks[key], "seed \(seed) step \(step)")
            } else {
                let index = table.find(key)
                #expect((index != nil) == (oracle.marks[key] != nil), "seed \(seed) step \(step)")
                guard let index else { continue }
                table.remove(at: index)
                table.compactIfSparse()
                oracle.marks[key] = nil
                oracle.gone.insert(key)
            }
            if step.isMultiple(of: 4_000) { Self.compare(table, &oracle, "seed \(seed) step \(step)") }
        }
        #expect(table.compactions > 0, "seed \(seed)")
    }

    private static func compare(_ table: borrowing ProfileTable, _ oracle: inout Oracle, _ place: String) {
        // A key that went and came back stands where it came back.
        var seen: Set<[UInt8]> = []
        oracle.order = oracle.order.reversed().filter {
            oracle.marks[$0] != nil && seen.insert($0).inserted
        }.reversed()
        #expect(table.count == oracle.marks.count, "\(place)")
        let rows = table.liveRows
        let keys = rows.map { table.keyBytes(at: $0) }
        #expect(keys == oracle.order, "\(place): rows lie in order of first appearance")
        let marks = rows.map { table.row(at: $0).revision }
        #expect(marks == oracle.order.map { oracle.marks[$0] ?? 0 }, "\(place)")
        let found = keys.map { table.find($0) }
        #expect(found == rows, "\(place)")
        for key in oracle.gone {
            let index = table.find(key)
            #expect(index == nil, "\(place)")
        }
    }

    @Test(arguments: 1...40)
    func `keys of every length near the row's own space are told apart`(length: Int) {
        var table = Self.table()
        var keys: [[UInt8]] = []
        for position in 0..<length {
            for value in [0, 1, 0xff] as [UInt8] {
                var key = [UInt8](repeating: 7, count: length)
                key[position] = value
                keys.append(key)
            }
        }
        // Prefixes of one another, and zeros that could pass for padding.
        keys += (1...length).map { [UInt8](repeating: 0, count: $0) }
        keys = Array(Set(keys))
        for key in keys { _ = table.insert(key) }
        let read = keys.indices.map { table.keyBytes(at: $0) }
        #expect(read == keys)
        let found = keys.map { table.find($0) }
        #expect(found == Array(keys.indices))
    }

    @Test func `keys that differ in normalisation alone are two customers`() {
        var table = Self.table()
        let composed = Array("Zo\u{eb}".utf8)
        let decomposed = Array("Zoe\u{308}".utf8)
        #expect(String(decoding: composed, as: UTF8.self) == String(decoding: decomposed, as: UTF8.self))
        let first = table.insert(composed)
        let second = table.insert(decomposed)
        #expect(first.index == 0 && second.index == 1 && second.isNew)
        #expect(table.count == 2)
    }

    /// Keys whose first word takes the hash's secret out of the product: all have the same hash.
    private static func collidingKeys(_ count: Int, first: UInt64) -> [[UInt8]] {
        (0..<count).map { number in
            let word = first ^ 16
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
                + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `keys with the same hash are told apart, also when some of them go`(seed: UInt64) {
        let hash = KeyHash(first: 0x0123_4567_89ab_cdef, second: 99)
        var table = Self.table(hash: hash)
        let keys = Self.collidingKeys(600, first: 0x0123_4567_89ab_cdef)
        #expect(Set(keys.map(hash.of)).count == 1, "the keys were made to collide")
        var generator = SeededGenerator(seed: seed)
        var kept: Set<[UInt8]> = []
        for key in keys {
            _ = table.insert(key)
            kept.insert(key)
            // Neighbours with hashes of their own lie in the same stretch of the index.
            let other = Self.key(&generator, distinct: 400)
            _ = table.insert(other)
            kept.insert(other)
            if generator.nextUnit() < 0.4, let victim = kept.min(by: { hash.of($0) < hash.of($1) }) {
                let index = table.find(victim)
                if let index { table.remove(at: index) }
                kept.remove(victim)
            }
        }
        #expect(table.count == kept.count)
        for key in keys {
            let index = table.find(key)
            #expect((index != nil) == kept.contains(key), "seed \(seed)")
            if let index {
                let read = table.keyBytes(at: index)
                #expect(read == key)
            }
        }
    }

    @Test func `a new row is empty, and so is the row of a customer who comes back`() {
        var table = Self.table()
        let key = Array("somebody".utf8)
        for round in 0..<3 {
            let (index, isNew) = table.insert(key)
            #expect(isNew)
            let row = table.row(at: index)
            #expect(row.newestMilliseconds == .min)
            #expect(row[time: 0, Self.layout] == .min && row[time: 1, Self.layout] == .min)
            #expect(row.load(Self.layout.lastChange, as: Int64.self) == .min)
            #expect(row.firstSeenMilliseconds == 0 && row.revision == 0 && row.segmentID == 0)
            #expect(row.candidateID == 0 && row.candidateCount == 0 && !row.isFrozen && !row.isRemoved)
            #expect(row[sketch: 0, Self.layout].low == 0 && row[sketch: 0, Self.layout].high == 0)
            for slot in 0..<5 { #expect(row[accumulator: slot, Self.layout] == 0) }
            row.newestMilliseconds = Int64(round)
            row.firstSeenMilliseconds = 5
            row.revision = 9
            row.segmentID = 3
            row.candidateID = 4
            row.candidateCount = 2
            row.isFrozen = true
            for slot in 0..<5 { row[accumulator: slot, Self.layout] = 1.5 }
            row[sketch: 0, Self.layout] = DistinctSketch(low: 1, high: 2)
            table.remove(at: index)
        }
        #expect(table.count == 0)
        let rows = table.liveRows
        #expect(rows.isEmpty)
    }

    /// Whether `word` occurs in memory.
    private static func holds(_ word: String, _ memory: UnsafeRawBufferPointer) -> Bool {
        let word = Array(word.utf8)
        var start = 0
        while start + word.count <= memory.count {
            var length = 0
            while length < word.count, unsafe memory[start + length] == word[length] { length += 1 }
            if length == word.count { return true }
            start += 1
        }
        return false
    }

    @Test func `what is removed leaves no byte of its key behind`() {
        var table = Self.table(rowCapacity: 8_192)
        _ = table.insert(Array("kept \(String(repeating: "k", count: 40))".utf8))
        var longBytes = 45
        var kept: [[UInt8]] = [table.keyBytes(at: 0)]
        for number in 0..<2_000 {
            _ = table.insert(Array("erased\(number).".utf8))
            let long = "a longer erased name \(number)."
            longBytes += long.utf8.count
            _ = table.insert(Array(long.utf8))
            let other = Array(
                number.isMultiple(of: 2) ? "kept\(number)".utf8 : "kept and long: \(number)!".utf8)
            if other.count > 16 { longBytes += other.count }
            kept.append(other)
            _ = table.insert(other)
        }
        // Neither block moves below, as nothing is inserted any more.
        let rows = unsafe UnsafeRawBufferPointer(
            start: table.row(at: 0).base, count: table.rowCount * Self.layout.stride)
        let longKeys = unsafe UnsafeRawBufferPointer(start: table.key(at: 0).start, count: longBytes)
        let before = unsafe (Self.holds("erased", rows), Self.holds("erased", longKeys))
        #expect(before == (true, true))
        for number in 0..<2_000 {
            for name in ["erased\(number).", "a longer erased name \(number)."] {
                let index = table.find(Array(name.utf8))
                if let index { table.remove(at: index) }
                table.compactIfSparse()
            }
            if number == 100 {
                let inRows = unsafe Self.holds("erased100.", rows)
                let inKeys = unsafe Self.holds("erased name 100.", longKeys)
                #expect(!inRows && !inKeys, "wiped at once, not only by a compaction")
            }
        }
        #expect(table.compactions > 0)
        #expect(table.count == kept.count)
        let after = unsafe (Self.holds("erased", rows), Self.holds("erased", longKeys))
        #expect(after == (false, false))
        let keys = table.liveRows.map { table.keyBytes(at: $0) }
        #expect(keys == kept)
    }

    @Test func `bytes are those of the rows, the index and the long keys`() {
        var table = Self.table(rowCapacity: 16)
        var longBytes = 0
        for number in 0..<5_000 {
            let key = Array(
                "customer \(number) of the \(number.isMultiple(of: 3) ? "longer" : "n") kind".utf8)
            if key.count > 16 { longBytes += key.count }
            _ = table.insert(key)
            let index = table.bytes - table.rowCount * Self.layout.stride - longBytes
            let slots = index / 8
            #expect(index.isMultiple(of: 8) && slots.nonzeroBitCount == 1, "a power of two of slots")
            // Room for the next row at a load of at most three quarters, and never far more than that.
            #expect(slots * 3 >= (table.rowCount + 1) * 4 && slots <= max(32, (table.rowCount + 1) * 8 / 3))
        }
        #expect(table.count == 5_000)
    }

    @Test func `a row beyond the last is refused`() async {
        await #expect(processExitsWith: .failure) {
            let layout = ProfileLayout(
                timeCount: 0, sketchCount: 0, accumulatorCount: 1, keepsLastChange: false)
            let table = ProfileTable(layout: layout, hash: KeyHash(first: 1, second: 2))
            _ = table.row(at: 0)
        }
    }
}
