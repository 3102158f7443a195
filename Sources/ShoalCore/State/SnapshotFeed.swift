/// The bytes of a snapshot as they are read, with their number and checksum.
struct SnapshotFeed {
    /// Hands out the next bytes; none at the end.
    typealias Source = () throws(SnapshotError) -> [UInt8]

    private let source: Source
    private var chunk: [UInt8] = []
    private var position = 0
    /// Of what was taken so far.
    private(set) var checksum = CRC32C()
    private(set) var takenBytes = 0

    init(_ source: @escaping Source) { self.source = source }

    /// Lends what is at hand, at least one byte.
    ///
    /// - Parameter body: returns how many of the bytes it has taken.
    /// - Throws: `SnapshotError.truncated` at the end.
    mutating func lend(_ body: (UnsafeRawBufferPointer) -> Int) throws(SnapshotError) {
        try refill()
        let count = unsafe chunk.withUnsafeBytes { bytes in
            let lent = unsafe UnsafeRawBufferPointer(rebasing: bytes[position...])
            let count = unsafe body(lent)
            unsafe checksum.combine(UnsafeRawBufferPointer(rebasing: lent[..<count]))
            return count
        }
        position += count
        takenBytes += count
    }

    /// Takes exactly `count` bytes.
    ///
    /// - Throws: `SnapshotError.truncated` if there are fewer.
    mutating func take(_ count: Int) throws(SnapshotError) -> [UInt8] {
        var taken: [UInt8] = []
        while taken.count < count {
            try unsafe lend { bytes in
                let part = unsafe bytes.prefix(count - taken.count)
                unsafe taken.append(contentsOf: part)
                return unsafe part.count
            }
        }
        return taken
    }

    /// - Throws: If anything follows.
    mutating func requireEnd() throws(SnapshotError) {
        guard position == chunk.count, try source().isEmpty else { throw .surplus }
    }

    /// Reads all that is left.
    ///
    /// - Returns: whether its last four bytes are the checksum of everything before them.
    mutating func hasRightChecksum() throws(SnapshotError) -> Bool {
        var held = Array(chunk[position...])
        position = chunk.count
        while true {
            let more = try source()
            let end = max(0, held.count + more.count - 4)
            held += more
            unsafe held.withUnsafeBytes {
                unsafe checksum.combine(UnsafeRawBufferPointer(rebasing: $0[..<end]))
            }
            held.removeFirst(end)
            if more.isEmpty { break }
        }
        return held == (0..<4).map { UInt8(truncatingIfNeeded: checksum.value >> UInt32(8 * $0)) }
    }

    private mutating func refill() throws(SnapshotError) {
        guard position == chunk.count else { return }
        chunk = try source()
        position = 0
        if chunk.isEmpty { throw .truncated }
    }
}
