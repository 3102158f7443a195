/// Packed bytes that may be anything, taken from the front and never beyond their end.
@safe struct PackedInput {
    /// Bytes behind the end that can be read, but mean nothing.
    static let slackBytes = 32

    // Lent by `RowUnpacker` for as long as this value lives, with the slack.
    private let start: UnsafeRawPointer
    private let count: Int
    private var position = 0

    /// - Parameters:
    ///   - start: the first byte; `slackBytes` can be read behind the last.
    ///   - count: how many bytes there are.
    init(_ start: UnsafeRawPointer, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    var isAtEnd: Bool { position == count }

    /// - Throws: `SnapshotError` if there is none.
    @inline(__always)
    mutating func byte() throws(SnapshotError) -> UInt8 { try unsafe take(1).load(as: UInt8.self) }

    /// - Throws: `SnapshotError` if there is none.
    mutating func word() throws(SnapshotError) -> UInt32 {
        UInt32(littleEndian: unsafe try take(4).loadUnaligned(as: UInt32.self))
    }

    /// Takes the next bytes.
    ///
    /// - Returns: where they are.
    /// - Throws: `SnapshotError` if there are fewer.
    @inline(__always)
    mutating func take(_ count: Int) throws(SnapshotError) -> UnsafeRawPointer {
        guard self.count - position >= count else { throw Self.tooShort }
        position += count
        return unsafe start + (position - count)
    }

    /// Takes bits.
    ///
    /// - Parameter body: returns whether it found what it looked for.
    /// - Throws: `SnapshotError` if it did not.
    @inline(__always)
    mutating func takeBits(_ body: (inout BitReader) -> Bool) throws(SnapshotError) {
        var reader = unsafe BitReader(start + position, byteCount: count - position)
        guard body(&reader) else { throw Self.tooShort }
        position += reader.byteCount
    }

    private static var tooShort: SnapshotError { .impossible("rows cut short, or of no known kind") }
}
