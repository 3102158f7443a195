internal import CSimdJSON
internal import Glibc

/// All profiles of one partition: rows in one flat store, found by the bytes of their keys.
///
/// Rows lie in order of first appearance. The index is an open-addressing table of 8-byte slots (32 bits of
/// hash, 32 bits of row), so a look-up costs two cache misses: slot and row. The stores grow by doubling
/// with `realloc`, which for large blocks moves pages, not bytes, and memory counts once it is touched.
/// Removing leaves a hole; holes are closed in order once they are a quarter of the rows.
@safe package struct ProfileTable: ~Copyable {
    /// Two cache lines, which processors fetch together.
    private static let rowAlignment = 128

    package let layout: ProfileLayout
    private let hash: KeyHash

    // The three blocks below are owned by this value alone, reached only through checked indices and freed in
    // `deinit`.
    private var rowBlock: UnsafeMutableRawPointer
    /// The first row in `rowBlock`, aligned so that a row touches as few cache lines as it can.
    private var rows: UnsafeMutableRawPointer
    private var rowCapacity: Int
    /// Rows in use, holes included.
    package private(set) var rowCount = 0
    private var removedCount = 0

    private var slots: UnsafeMutablePointer<UInt64>
    private var slotMask: Int

    private var longKeys: UnsafeMutablePointer<UInt8>
    private var longKeyCapacity: Int
    private var longKeyBytes = 0

    /// Grows whenever row indices change their meaning.
    package private(set) var compactions = 0

    package init(layout: ProfileLayout, hash: KeyHash, rowCapacity: Int = 1_024) {
        self.layout = layout
        self.hash = hash
        self.rowCapacity = max(rowCapacity, 16)
        unsafe rowBlock = Self.grown(nil, bytes: self.rowCapacity * layout.stride + Self.rowAlignment)
        unsafe rows = rowBlock.alignedUp(toMultipleOf: Self.rowAlignment)
        let slotCount = Self.slotCount(forRows: self.rowCapacity)
        slotMask = slotCount - 1
        unsafe slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: 0, count: slotCount)
        longKeyCapacity = 1_024
        unsafe longKeys = Self.grown(nil, bytes: longKeyCapacity).assumingMemoryBound(to: UInt8.self)
    }

    deinit {
        unsafe free(rowBlock)
        unsafe slots.deallocate()
        unsafe free(longKeys)
    }

    /// Profiles in the table.
    package var count: Int { rowCount - removedCount }

    /// Bytes held for profiles: rows in use, index and long keys.
    package var bytes: Int { rowCount * layout.stride + (slotMask + 1) * 8 + longKeyBytes }

    /// The row at `index`, valid until the next insertion or removal.
    @inline(__always)
    package func row(at index: Int) -> ProfileRow {
        precondition(index >= 0 && index < rowCount)
        return unsafe ProfileRow(base: rows + index * layout.stride)
    }

    /// The key of the row at `index`, lent until the next insertion or removal.
    @inline(__always)
    package func key(at index: Int) -> LentBytes {
        let row = row(at: index)
        let count = row.keyCount
        if count <= ProfileRow.inlineKeyBytesMax {
            return unsafe LentBytes(
                start: UnsafePointer((row.base + ProfileRow.Offset.key).assumingMemoryBound(to: UInt8.self)),
                count: count)
        }
        let offset = row.load(ProfileRow.Offset.key, as: Int.self)
        precondition(offset >= 0 && offset + count <= longKeyBytes)
        return unsafe LentBytes(start: UnsafePointer(longKeys + offset), count: count)
    }

    /// The row of `key`, or `nil`.
    package func find(_ key: LentBytes) -> Int? {
        let hash = hash(key)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while true {
            let entry = unsafe slots[slot]
            if entry == 0 { return nil }
            let index = Int(entry & 0xffff_ffff) - 1
            if entry >> 32 == hash >> 32, self.key(at: index).equals(key) { return index }
            slot = (slot + 1) & slotMask
        }
    }

    /// The row of `key`, made if it is new: zeroed, with `newestMilliseconds` at `Int64.min`.
    ///
    /// - Returns: the row's index and whether it is new.
    /// - Complexity: O(1) amortised.
    @inline(__always)
    package mutating func findOrInsert(_ key: LentBytes) -> (index: Int, isNew: Bool) {
        let hash = hash(key)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while unsafe slots[slot] != 0 {
            if let index = match(slot: slot, hash: hash, key: key) { return (index, false) }
            slot = (slot + 1) & slotMask
        }
        return (insert(key, hash: hash, slot: slot), true)
    }

    /// Asks memory for the place in the index where `key` is looked up.
    ///
    /// - Returns: what `prefetchRow` wants, once that place has come.
    @inline(__always)
    package func prefetchSlot(of key: LentBytes) -> UInt64 {
        let hash = hash(key)
        unsafe shoal_prefetch(slots + (Int(truncatingIfNeeded: hash) & slotMask))
        return hash
    }

    /// Asks memory for the row that a key is most likely found in.
    @inline(__always)
    package func prefetchRow(hash: UInt64) {
        let entry = unsafe slots[Int(truncatingIfNeeded: hash) & slotMask]
        guard entry >> 32 == hash >> 32 else { return }
        // Safe: a slot names a row in use, and a hint is not held to its bounds.
        let start = unsafe rows + (Int(entry & 0xffff_ffff) - 1) * layout.stride
        for line in stride(from: 0, to: layout.stride, by: 64) { unsafe shoal_prefetch(start + line) }
    }

    /// Removes the profile at `index` and wipes its bytes.
    ///
    /// Row indices stay as they are unless this closes the holes, which `compactions` tells.
    package mutating func remove(at index: Int) {
        let row = row(at: index)
        guard !row.isRemoved else { return }
        removeSlot(of: index)
        if row.keyCount > ProfileRow.inlineKeyBytesMax {
            let offset = row.load(ProfileRow.Offset.key, as: Int.self)
            unsafe (longKeys + offset).update(repeating: 0, count: row.keyCount)
        }
        unsafe row.base.initializeMemory(as: UInt8.self, repeating: 0, count: layout.stride)
        row.isRemoved = true
        removedCount += 1
        if removedCount > 1_024, removedCount * 4 > rowCount { compact() }
    }

    @inline(__always)
    private mutating func match(slot: Int, hash: UInt64, key: LentBytes) -> Int? {
        let entry = unsafe slots[slot]
        guard entry >> 32 == hash >> 32 else { return nil }
        let index = Int(entry & 0xffff_ffff) - 1
        let candidate = self.key(at: index)
        guard candidate.count == key.count else { return nil }
        return candidate.holdsSameBytes(as: key) ? index : nil
    }

    private mutating func insert(_ key: LentBytes, hash: UInt64, slot: Int) -> Int {
        precondition(key.count > 0 && key.count <= Int(UInt16.max), "The decoder bounds the length of ids.")
        if rowCount == rowCapacity {
            rowCapacity *= 2
            growRows()
        }
        let index = rowCount
        rowCount += 1
        let row = row(at: index)
        unsafe row.base.initializeMemory(as: UInt8.self, repeating: 0, count: layout.stride)
        row.newestMilliseconds = .min
        for time in 0..<layout.timeCount { row.store(Int64.min, at: layout.times + 8 * time) }
        if layout.lastChange != 0 { row.store(Int64.min, at: layout.lastChange) }
        store(key, in: row)
        unsafe slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(index + 1)
        if Self.slotCount(forRows: rowCount + 1) > slotMask + 1 { rebuildIndex() }
        return index
    }

    private mutating func growRows() {
        let offset = unsafe rowBlock.distance(to: rows)
        unsafe rowBlock = Self.grown(rowBlock, bytes: rowCapacity * layout.stride + Self.rowAlignment)
        unsafe rows = rowBlock.alignedUp(toMultipleOf: Self.rowAlignment)
        // A block that the allocator moved may lie differently on its page.
        if unsafe rowBlock.distance(to: rows) != offset {
            unsafe memmove(rows, rowBlock + offset, (rowCount) * layout.stride)
        }
    }

    private mutating func store(_ key: LentBytes, in row: ProfileRow) {
        row.keyCount = key.count
        if key.count <= ProfileRow.inlineKeyBytesMax {
            unsafe key.copy(to: row.base + ProfileRow.Offset.key)
            return
        }
        while longKeyBytes + key.count > longKeyCapacity {
            longKeyCapacity *= 2
            unsafe longKeys = Self.grown(longKeys, bytes: longKeyCapacity).assumingMemoryBound(to: UInt8.self)
        }
        unsafe key.copy(to: UnsafeMutableRawPointer(longKeys + longKeyBytes))
        row.store(longKeyBytes, at: ProfileRow.Offset.key)
        longKeyBytes += key.count
    }

    /// Slots for a load of at most 3/4, a power of two.
    private static func slotCount(forRows rows: Int) -> Int {
        var count = 32
        while count * 3 < rows * 4 { count *= 2 }
        return count
    }

    private mutating func rebuildIndex() {
        let slotCount = Self.slotCount(forRows: rowCount + 1)
        unsafe slots.deallocate()
        unsafe slots = .allocate(capacity: slotCount)
        unsafe slots.initialize(repeating: 0, count: slotCount)
        slotMask = slotCount - 1
        for index in 0..<rowCount where !row(at: index).isRemoved {
            let hash = hash(key(at: index))
            var slot = Int(truncatingIfNeeded: hash) & slotMask
            while unsafe slots[slot] != 0 { slot = (slot + 1) & slotMask }
            unsafe slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(index + 1)
        }
    }

    /// Empties the slot of a row and closes the gap it leaves in its probe chain (Knuth, TAOCP 3, 6.4,
    /// algorithm R).
    private mutating func removeSlot(of index: Int) {
        var slot = Int(truncatingIfNeeded: hash(key(at: index))) & slotMask
        while unsafe Int(slots[slot] & 0xffff_ffff) - 1 != index { slot = (slot + 1) & slotMask }
        var gap = slot
        while true {
            slot = (slot + 1) & slotMask
            let entry = unsafe slots[slot]
            if entry == 0 { break }
            let home = Int(truncatingIfNeeded: hash(key(at: Int(entry & 0xffff_ffff) - 1))) & slotMask
            // The entry may move back into the gap unless its home lies cyclically after it.
            if (slot - home) & slotMask >= (slot - gap) & slotMask {
                unsafe slots[gap] = entry
                gap = slot
            }
        }
        unsafe slots[gap] = 0
    }

    /// Closes the holes in order and drops the keys of removed rows.
    private mutating func compact() {
        var kept = 0
        var keptKeyBytes = 0
        for index in 0..<rowCount {
            let source = row(at: index)
            if source.isRemoved { continue }
            if source.keyCount > ProfileRow.inlineKeyBytesMax {
                let offset = source.load(ProfileRow.Offset.key, as: Int.self)
                unsafe memmove(longKeys + keptKeyBytes, longKeys + offset, source.keyCount)
                source.store(keptKeyBytes, at: ProfileRow.Offset.key)
                keptKeyBytes += source.keyCount
            }
            if kept != index { unsafe memcpy(rows + kept * layout.stride, source.base, layout.stride) }
            kept += 1
        }
        // What lay behind the kept rows and keys is somebody's data: it must not linger.
        unsafe memset(rows + kept * layout.stride, 0, (rowCount - kept) * layout.stride)
        unsafe memset(longKeys + keptKeyBytes, 0, longKeyBytes - keptKeyBytes)
        rowCount = kept
        longKeyBytes = keptKeyBytes
        removedCount = 0
        compactions += 1
        rebuildIndex()
    }

    private static func grown(_ block: UnsafeMutableRawPointer?, bytes: Int) -> UnsafeMutableRawPointer {
        guard let grown = unsafe realloc(block, bytes) else {
            preconditionFailure("No memory for \(bytes) bytes of profiles; lower limits.max_customers.")
        }
        return unsafe grown
    }
}
