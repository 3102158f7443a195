/// Bytes that somebody else owns, lent until that owner moves on.
///
/// The decoder lends the strings of an event; they die when it decodes the next record. Nothing keeps
/// a `LentBytes` beyond the call that received it: what must live on is copied.
@safe package struct LentBytes: BitwiseCopyable {
    package let start: UnsafePointer<UInt8>?
    package let count: Int

    @inline(__always)
    package init(start: UnsafePointer<UInt8>?, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    @inline(__always)
    package init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    package static var empty: LentBytes { unsafe LentBytes(start: nil, count: 0) }

    @inline(__always)
    package var isEmpty: Bool { count == 0 }

    /// The same bytes as a buffer, for C calls and copies.
    @inline(__always)
    package var buffer: UnsafeBufferPointer<UInt8> {
        unsafe UnsafeBufferPointer(start: start, count: count)
    }

    /// Copies the bytes to memory that has room for them.
    @inline(__always)
    func copy(to destination: UnsafeMutableRawPointer) {
        if let start = unsafe start { unsafe destination.copyMemory(from: start, byteCount: count) }
    }

    /// The bytes as text, with what is not UTF-8 repaired; for messages and tests, not for the hot path.
    package var text: String { unsafe String(decoding: buffer, as: UTF8.self) }

    @inline(__always)
    package func equals(_ other: borrowing [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return unsafe other.withUnsafeBufferPointer { candidate in
            for index in 0..<count where unsafe candidate[index] != buffer[index] { return false }
            return true
        }
    }

    @inline(__always)
    package func equals(_ other: LentBytes) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where unsafe buffer[index] != other.buffer[index] { return false }
        return true
    }

    package func hasPrefix(_ prefix: LentBytes) -> Bool {
        guard count >= prefix.count else { return false }
        for index in 0..<prefix.count where unsafe buffer[index] != prefix.buffer[index] { return false }
        return true
    }

    @inline(__always)
    package func equals(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe buffer[index] != word.utf8Start[index] { return false }
        return true
    }
}
