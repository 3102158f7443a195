/// Packed bytes as they are written, into room for the worst case.
@safe struct PackedOutput: ~Copyable {
    /// Room behind what counts, for writes of more bytes than are wanted.
    private static let slackBytes = 32

    // Owned by this value alone and freed in `deinit`; every write is checked against the capacity.
    private let start: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe start = .allocate(capacity: capacity + Self.slackBytes)
    }

    deinit { unsafe start.deallocate() }

    var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: count) }

    mutating func removeAll() { count = 0 }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        precondition(count < capacity, "There is room for the worst case.")
        unsafe start[count] = byte
        count += 1
    }

    mutating func append(word: UInt32) {
        unsafe extend(4).storeBytes(of: word.littleEndian, as: UInt32.self)
    }

    /// Appends bytes and returns where they are, to be written; `slackBytes` more may be overwritten.
    @inline(__always)
    mutating func extend(_ more: Int) -> UnsafeMutableRawPointer {
        precondition(more >= 0 && count + more <= capacity, "There is room for the worst case.")
        count += more
        return unsafe UnsafeMutableRawPointer(start + (count - more))
    }

    /// Appends bits.
    ///
    /// - Parameters:
    ///   - bitsMax: more than the body may write is not to be written.
    ///   - body: writes them.
    @inline(__always)
    mutating func appendBits(max bitsMax: Int, _ body: (inout BitWriter) -> Void) {
        let before = count
        let first = unsafe extend((bitsMax + 7) / 8)
        var writer = unsafe BitWriter(first)
        body(&writer)
        writer.end()
        let written = unsafe writer.target - first
        precondition(written <= count - before, "There is room for the worst case.")
        count = before + written
    }
}
