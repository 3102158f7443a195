/// Records that a shard wants to emit, as bytes in one reused block.
///
/// The owner drains it once per batch; after warm-up writing allocates nothing.
@safe package struct OutputBuffer: ~Copyable {
    /// Where a record goes.
    package enum Stream: UInt8, Sendable {
        /// Every change, in order of revision.
        case changes
        /// What is in force now, compacted by key.
        case currentSegments
    }

    package struct Record {
        package let stream: Stream
        package let partition: Int32
        let key: Range<Int>
        /// `nil` erases the key.
        let value: Range<Int>?
        /// Whether the value is all of it; otherwise reasons follow that are not written yet, and a brace.
        let isComplete: Bool
    }

    // Owned by this value alone; written only after `reserve`, freed in `deinit`.
    private var block: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var byteCount = 0
    package private(set) var records: [Record] = []
    /// Whether the reasons of changes are written when records are handed out, which another thread may do.
    let defersReasons: Bool
    /// Those that deferred reasons name by number.
    private var tables: [ReasonTable] = []

    package init(capacity: Int = 64 * 1_024, defersReasons: Bool = false) {
        self.capacity = capacity
        self.defersReasons = defersReasons
        unsafe block = .allocate(capacity: capacity)
    }

    deinit { unsafe block.deallocate() }

    package var isEmpty: Bool { records.isEmpty }

    /// Bytes waiting to be drained.
    package var bytes: Int { byteCount }

    /// Hands every record out in the order of writing; a `nil` value erases the key.
    package func forEach(
        _ body: (Record, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) throws -> Void
    ) rethrows {
        // A lane hands out every batch, and defers nothing: it allocates nothing.
        var whole: OutputBuffer?
        if defersReasons { whole = OutputBuffer(capacity: Self.wholeBytes) }
        for record in records {
            let key = unsafe UnsafeRawBufferPointer(
                start: block + record.key.lowerBound, count: record.key.count)
            guard let range = record.value else {
                unsafe try body(record, key, nil)
                continue
            }
            let value = unsafe UnsafeRawBufferPointer(start: block + range.lowerBound, count: range.count)
            if record.isComplete {
                unsafe try body(record, key, value)
                continue
            }
            guard var scratch = whole.take() else {
                preconditionFailure("Only a buffer that defers reasons has incomplete records.")
            }
            unsafe complete(value, &scratch)
            unsafe try body(
                record, key, UnsafeRawBufferPointer(start: scratch.block, count: scratch.byteCount))
            whole = Optional(scratch)
        }
    }

    /// Room for most records, to begin with.
    private static var wholeBytes: Int { 2_048 }

    /// Keeps what reasons are made of behind the value that is being written.
    ///
    /// - Parameters:
    ///   - table: the model's.
    ///   - move: between its rows.
    ///   - vector: `[d]`, in feature space.
    ///   - cursor: of the record.
    @inline(__always)
    mutating func `defer`(
        _ table: ReasonTable, _ move: ReasonTable.Move, vector: UnsafeRawPointer, _ cursor: inout OutputCursor
    ) {
        if tables.last !== table { tables.append(table) }
        cursor.append(raw: Int32(tables.count - 1))
        cursor.append(raw: move)
        let bytes = unsafe UnsafeRawBufferPointer(start: vector, count: table.vectorBytes)
        cursor.append(unsafe LentBytes(bytes))
    }

    /// Makes one record of a value and the reasons that were deferred behind it.
    private func complete(_ value: UnsafeRawBufferPointer, _ whole: inout OutputBuffer) {
        guard let draft = unsafe value.baseAddress.map({ unsafe $0 + value.count }) else { return }
        let table = unsafe tables[Int(draft.loadUnaligned(as: Int32.self))]
        let moveStart = MemoryLayout<Int32>.size
        let move = unsafe draft.loadUnaligned(fromByteOffset: moveStart, as: ReasonTable.Move.self)
        let vector = unsafe draft + moveStart + MemoryLayout<ReasonTable.Move>.size
        whole.byteCount = 0
        whole.withRoom(value.count + table.bytesMax) { cursor in
            cursor.append(unsafe LentBytes(value))
            unsafe table.write(move, vector: vector, &cursor)
            cursor.append("}")
        }
    }

    /// Forgets what was handed out and keeps the memory.
    package mutating func removeAll() {
        byteCount = 0
        records.removeAll(keepingCapacity: true)
        tables.removeAll(keepingCapacity: true)
    }

    mutating func add(
        _ stream: Stream, partition: Int32, key: Range<Int>, value: Range<Int>?, isComplete: Bool = true
    ) {
        records.append(
            Record(stream: stream, partition: partition, key: key, value: value, isComplete: isComplete))
    }

    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if byteCount + count > capacity { grow(count) }
    }

    private mutating func grow(_ count: Int) {
        let larger = max(capacity * 2, byteCount + count)
        let next = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe next.update(from: block, count: byteCount)
        unsafe block.deallocate()
        unsafe block = next
        capacity = larger
    }

    /// Lends `count` bytes to be written.
    @inline(__always)
    mutating func withRoom(_ count: Int, _ body: (inout OutputCursor) -> Void) {
        var cursor = cursor(room: count)
        body(&cursor)
        advance(to: cursor)
    }

    /// Lends `count` bytes from the end of what is written, until the next call; `advance` is to follow.
    @inline(__always)
    mutating func cursor(room count: Int) -> OutputCursor {
        reserve(count)
        return unsafe OutputCursor(start: block + byteCount, room: count)
    }

    /// Takes what was written with the cursor last lent.
    @inline(__always)
    mutating func advance(to cursor: OutputCursor) {
        precondition(cursor.count <= capacity - byteCount)
        byteCount += cursor.count
    }

    @inline(__always)
    package mutating func append(_ text: StaticString) {
        let count = text.utf8CodeUnitCount
        reserve(count)
        unsafe (block + byteCount).update(from: text.utf8Start, count: count)
        byteCount += count
    }

    package mutating func append(_ bytes: borrowing [UInt8]) {
        reserve(bytes.count)
        unsafe bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress {
                unsafe (block + byteCount).update(from: start, count: source.count)
            }
        }
        byteCount += bytes.count
    }
}

extension OutputBuffer {
    /// A copy of all that was written.
    package var contents: [UInt8] { copied(0..<byteCount) }

    /// A copy of what was written at `range`.
    func copied(_ range: Range<Int>) -> [UInt8] {
        precondition(range.upperBound <= byteCount)
        return unsafe Array(UnsafeBufferPointer(start: block + range.lowerBound, count: range.count))
    }
}
