/// Bytes of many small texts, kept until all are forgotten at once.
@safe package struct TextArena: ~Copyable {
    private static let chunkBytes = 64 << 10
    /// Readable bytes after every text, for parsers that read in strides.
    private static let paddingBytes = 64

    // Owned by this value alone and freed in `deinit`. A chunk never moves, so what was lent stays valid;
    // `room` bytes and the padding are left of the last one, from `next` on.
    private var chunks: [UnsafeMutablePointer<UInt8>] = unsafe []
    private var next: UnsafeMutablePointer<UInt8>?
    private var room = 0

    package init() {}

    deinit {
        for index in unsafe chunks.indices { unsafe chunks[index].deallocate() }
    }

    /// Copies a text.
    ///
    /// - Returns: the copy, lent until `removeAll`.
    @inline(__always)
    package mutating func copy(_ text: LentBytes) -> LentBytes {
        if text.isEmpty { return .empty }
        if text.count > room { makeRoom(for: text.count) }
        guard let place = unsafe next else { return .empty }
        unsafe text.copy(to: place)
        unsafe next = place + text.count
        room -= text.count
        return unsafe LentBytes(start: place, count: text.count)
    }

    /// Forgets every text; the memory of the first ones is kept for the next.
    package mutating func removeAll() {
        while unsafe chunks.count > 1 { unsafe chunks.removeLast().deallocate() }
        unsafe next = chunks.first
        room = unsafe chunks.isEmpty ? 0 : Self.chunkBytes
    }

    private mutating func makeRoom(for count: Int) {
        room = max(Self.chunkBytes, count)
        let chunk = unsafe Self.chunk(of: room)
        unsafe chunks.append(chunk)
        unsafe next = chunk
    }

    private static func chunk(of bytes: Int) -> UnsafeMutablePointer<UInt8> {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes + paddingBytes)
        unsafe start.initialize(repeating: 0, count: bytes + paddingBytes)
        return unsafe start
    }
}
