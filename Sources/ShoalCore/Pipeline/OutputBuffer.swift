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
    }

    // Owned by this value alone; written only after `reserve`, freed in `deinit`.
    private var block: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private(set) var byteCount = 0
    package private(set) var records: [Record] = []

    package init(capacity: Int = 64 * 1_024) {
        self.capacity = capacity
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
        for record in records {
            let key = unsafe UnsafeRawBufferPointer(
                start: block + record.key.lowerBound, count: record.key.count)
            guard let value = record.value else {
                unsafe try body(record, key, nil)
                continue
            }
            unsafe try body(
                record, key, UnsafeRawBufferPointer(start: block + value.lowerBound, count: value.count))
        }
    }

    /// Forgets what was handed out and keeps the memory.
    package mutating func removeAll() {
        byteCount = 0
        records.removeAll(keepingCapacity: true)
    }

    mutating func add(_ stream: Stream, partition: Int32, key: Range<Int>, value: Range<Int>?) {
        records.append(Record(stream: stream, partition: partition, key: key, value: value))
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
