internal import CLZ4

/// Reads one LZ4 frame, piece by piece; the frame's own checksums are checked on the way.
@safe struct FrameExpander: ~Copyable {
    // Owned by this value alone and freed in `deinit`.
    private let context: OpaquePointer
    private var isFinished = false

    init() {
        var created: OpaquePointer?
        let status = unsafe LZ4F_createDecompressionContext(&created, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let created = unsafe created else {
            preconditionFailure("No memory for a decompressor.")
        }
        unsafe context = created
    }

    deinit { unsafe LZ4F_freeDecompressionContext(context) }

    /// Fills a buffer with the content that comes next.
    ///
    /// - Throws: `SnapshotError` if the frame is damaged or has less content than asked for.
    mutating func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from feed: inout SnapshotFeed
    ) throws(SnapshotError) {
        var filled = 0
        while filled < buffer.count {
            if isFinished { throw .damaged("the content ends too early") }
            filled += try unsafe step(
                UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), from: &feed)
        }
    }

    /// Reads to the frame's end, of which no content may be left.
    mutating func finish(from feed: inout SnapshotFeed) throws(SnapshotError) {
        var surplus: UInt8 = 0
        while !isFinished {
            let count = try unsafe withUnsafeMutableBytes(of: &surplus) { (buffer) throws(SnapshotError) in
                unsafe try step(buffer, from: &feed)
            }
            if count > 0 { throw .damaged("there is content after the last row") }
        }
    }

    /// - Returns: how many bytes of the buffer were filled.
    private mutating func step(
        _ buffer: UnsafeMutableRawBufferPointer, from feed: inout SnapshotFeed
    ) throws(SnapshotError) -> Int {
        var written = 0
        var status = 0
        let context = unsafe context
        try unsafe feed.lend { bytes in
            var consumed = bytes.count
            written = buffer.count
            status = unsafe LZ4F_decompress(
                context, buffer.baseAddress, &written, bytes.baseAddress, &consumed, nil)
            return consumed
        }
        guard LZ4F_isError(status) == 0 else {
            throw .damaged(
                "the compressed frame is broken (\(unsafe String(cString: LZ4F_getErrorName(status))))")
        }
        isFinished = status == 0
        return written
    }
}
