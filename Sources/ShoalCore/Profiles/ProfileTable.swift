internal import CSimdJSON
internal import Glibc

/// All profiles of one partition: rows in one flat store, found by the bytes of their keys.
///
/// Rows lie in order of first appearance. The index is an open-addressing table of 8-byte slots (32 bits of
/// hash, 32 bits of row), so a look-up costs two cache misses: slot and row. The stores grow by doubling
/// with `realloc`, which for large blocks moves pages, not bytes, and memory counts once it is touched.
/// Removing leaves a hole; the
/// owner closes holes, in order, once they are a quarter of the rows.
@safe package struct ProfileTable: ~Copyable {
    /// Two cache lines, which processors fetch together.
    private static let rowAlignment = 128
    /// So few holes, or dead bytes of keys, are not worth moving anything for.
    private static let holesMin = 1_024
    private static let deadKeyBytesMin = 1 << 16

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
    /// Bytes of the key store that belong to nobody any more.
    private var deadKeyBytes = 0

    /// Grows whenever row indices change their meaning.
    package private(set) var compactions = 0
    /// A copy that is being made; `nil` while none is.
    var frozen: FrozenRows?

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
        if row.isKeyInline {
            return unsafe LentBytes(
                start: UnsafePointer((row.base + ProfileRow.Offset.key).assumingMemoryBound(to: UInt8.self)),
                count: count)
        }
        return stored(row, 0..<count)
    }

    /// A part of what the key store has for a row, lent until the next insertion or removal.
    @inline(__always)
    func stored(_ row: ProfileRow, _ range: Range<Int>) -> LentBytes {
        let offset = row.load(ProfileRow.Offset.key, as: Int.self)
        precondition(range.lowerBound >= 0 && offset >= 0 && offset + range.upperBound <= longKeyBytes)
        return unsafe LentBytes(
            start: UnsafePointer(longKeys + offset + range.lowerBound), count: range.count)
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

    /// Removes the profile at `index` and wipes its bytes; row indices stay as they are.
    package mutating func remove(at index: Int) {
        let row = rowToChange(at: index)
        guard !row.isRemoved else { return }
        removeSlot(of: index)
        wipe(row)
        row.isRemoved = true
        removedCount += 1
        dropDeadKeys()
    }

    /// Gives the row at `index` to another customer, who has none; its bytes are wiped first.
    ///
    /// - Complexity: O(1). No hole is left, so nothing is ever moved because of it.
    mutating func replace(at index: Int, with key: LentBytes) {
        let row = rowToChange(at: index)
        precondition(!row.isRemoved, "There is somebody to replace.")
        removeSlot(of: index)
        wipe(row)
        prepareTimes(of: row)
        store(key, in: row)
        let hash = hash(key)
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while unsafe slots[slot] != 0 { slot = (slot + 1) & slotMask }
        unsafe slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(index + 1)
        dropDeadKeys()
    }

    /// Whether so many rows are holes that they should be closed.
    var isSparse: Bool { removedCount > Self.holesMin && removedCount * 4 > rowCount }

    /// Overwrites a customer's bytes.
    private mutating func wipe(_ row: ProfileRow) {
        wipeStored(row)
        unsafe row.base.initializeMemory(as: UInt8.self, repeating: 0, count: layout.stride)
    }

    /// Overwrites what the key store has for a row.
    private mutating func wipeStored(_ row: ProfileRow) {
        let count = row.storedByteCount
        guard count > 0 else { return }
        let offset = row.load(ProfileRow.Offset.key, as: Int.self)
        unsafe (longKeys + offset).update(repeating: 0, count: count)
        deadKeyBytes += count
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
        prepareTimes(of: row)
        store(key, in: row)
        unsafe slots[slot] = (hash & 0xffff_ffff_0000_0000) | UInt64(index + 1)
        if Self.slotCount(forRows: rowCount + 1) > slotMask + 1 { rebuildIndex() }
        return index
    }

    /// Says of a zeroed row that nothing has happened yet.
    func prepareTimes(of row: ProfileRow) {
        row.newestMilliseconds = .min
        for time in 0..<layout.timeCount { row.store(Int64.min, at: layout.times + 8 * time) }
        if layout.lastChange != 0 { row.store(Int64.min, at: layout.lastChange) }
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

    mutating func store(_ key: LentBytes, in row: ProfileRow) {
        row.keyCount = key.count
        if key.count <= ProfileRow.inlineKeyBytesMax {
            unsafe key.copy(to: row.base + ProfileRow.Offset.key)
            return
        }
        append(key, for: row)
    }

    /// Puts a key with what comes behind it into the key store, in place of what a row has there or of the
    /// key that lies in it.
    mutating func replaceStored(_ bytes: [UInt8], of row: ProfileRow) {
        wipeStored(row)
        row.hasAliases = true
        row.store(UInt32(bytes.count), at: ProfileRow.Offset.storedCount)
        unsafe bytes.withUnsafeBufferPointer {
            unsafe append(LentBytes(start: $0.baseAddress, count: $0.count), for: row)
        }
        dropDeadKeys()
    }

    /// Appends to the key store what a row has there from now on.
    mutating func append(_ bytes: LentBytes, for row: ProfileRow) {
        while longKeyBytes + bytes.count > longKeyCapacity {
            longKeyCapacity *= 2
            unsafe longKeys = Self.grown(longKeys, bytes: longKeyCapacity).assumingMemoryBound(to: UInt8.self)
        }
        unsafe bytes.copy(to: UnsafeMutableRawPointer(longKeys + longKeyBytes))
        row.store(longKeyBytes, at: ProfileRow.Offset.key)
        longKeyBytes += bytes.count
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

    /// Closes the holes in order.
    ///
    /// - Parameter cursors: row indices, which go on pointing at the same rows.
    mutating func compact(_ cursors: inout [Int]) {
        keepAllFrozen()
        var moved = cursors
        var kept = 0
        for index in 0..<rowCount {
            for cursor in cursors.indices where cursors[cursor] == index { moved[cursor] = kept }
            let source = row(at: index)
            if source.isRemoved { continue }
            if kept != index { unsafe memcpy(rows + kept * layout.stride, source.base, layout.stride) }
            kept += 1
        }
        for cursor in cursors.indices where cursors[cursor] >= rowCount { moved[cursor] = kept }
        cursors = moved
        // What lay behind the kept rows is somebody's data: it must not linger.
        unsafe memset(rows + kept * layout.stride, 0, (rowCount - kept) * layout.stride)
        rowCount = kept
        removedCount = 0
        compactions += 1
        rebuildIndex()
    }

    /// Moves the long keys together once half of their space belongs to nobody; no row moves.
    private mutating func dropDeadKeys() {
        guard deadKeyBytes > Self.deadKeyBytesMin, deadKeyBytes * 2 > longKeyBytes else { return }
        keepAllFrozen()
        // Keys need not lie in the order of their rows, so they are gathered aside.
        let gathered = unsafe Self.grown(nil, bytes: longKeyBytes).assumingMemoryBound(to: UInt8.self)
        var kept = 0
        for index in 0..<rowCount {
            let row = row(at: index)
            let count = row.storedByteCount
            guard count > 0 else { continue }
            let offset = row.load(ProfileRow.Offset.key, as: Int.self)
            unsafe (gathered + kept).update(from: longKeys + offset, count: count)
            row.store(kept, at: ProfileRow.Offset.key)
            kept += count
        }
        unsafe longKeys.update(from: gathered, count: kept)
        unsafe memset(longKeys + kept, 0, longKeyBytes - kept)
        unsafe memset(gathered, 0, kept)
        unsafe free(gathered)
        longKeyBytes = kept
        deadKeyBytes = 0
    }

    // MARK: Copies, and tables made of them

    /// Copies a page of the frozen rows.
    mutating func keepFrozen(page: Int) {
        unsafe frozen?.keep(page: page, rows: rows, longKeys: longKeys)
    }

    /// Takes rows into use whose bytes are written next; there is room for them.
    mutating func appendUnwrittenRows(_ count: Int) {
        precondition(rowCount + count <= rowCapacity, "The table was made for them.")
        rowCount += count
    }

    /// Counts holes and makes the index, after rows were written from outside.
    mutating func finishRestoring() {
        removedCount = 0
        for index in 0..<rowCount where row(at: index).isRemoved { removedCount += 1 }
        rebuildIndex()
    }

    private static func grown(_ block: UnsafeMutableRawPointer?, bytes: Int) -> UnsafeMutableRawPointer {
        guard let grown = unsafe realloc(block, bytes) else {
            preconditionFailure("No memory for \(bytes) bytes of profiles; lower limits.max_customers.")
        }
        return unsafe grown
    }
}
