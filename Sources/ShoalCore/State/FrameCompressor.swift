internal import CLZ4

/// Writes one LZ4 frame, piece by piece, without a checksum of its own (LZ4 frame format 1.6.2).
@safe struct FrameCompressor: ~Copyable {
    private static let blockBytesMax = 256 << 10
    /// Marks the size of a block that is not compressed.
    private static let plain: UInt32 = 1 << 31

    // Owned by this value alone and freed in `deinit`.
    private let context: OpaquePointer
    private var preferences: LZ4F_preferences_t
    private var scratch: [UInt8] = []

    /// Begins the frame.
    ///
    /// - Parameter output: gets the frame's first bytes appended.
    init(appendingTo output: inout [UInt8]) {
        var created: OpaquePointer?
        let status = unsafe LZ4F_createCompressionContext(&created, UInt32(LZ4F_VERSION))
        guard LZ4F_isError(status) == 0, let created = unsafe created else {
            preconditionFailure("No memory for a compressor; lower limits.max_customers.")
        }
        unsafe context = created
        preferences = LZ4F_preferences_t()
        // A quarter of a megabyte is about one group of rows, and fits a second-level cache.
        preferences.frameInfo.blockSizeID = LZ4F_max256KB
        // What `store` adds is unknown to the library: no block may lean on one before it, or be held back.
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.autoFlush = 1
        reserve(Int(LZ4F_HEADER_SIZE_MAX))
        unsafe append(to: &output) { context, start, capacity, preferences in
            unsafe LZ4F_compressBegin(context, start, capacity, preferences)
        }
    }

    deinit { unsafe LZ4F_freeCompressionContext(context) }

    /// Adds content; what is compressed of it so far is appended.
    mutating func compress(_ bytes: UnsafeRawBufferPointer, appendingTo output: inout [UInt8]) {
        if bytes.count == 0 { return }
        reserve(unsafe LZ4F_compressBound(bytes.count, &preferences))
        unsafe append(to: &output) { context, start, capacity, _ in
            unsafe LZ4F_compressUpdate(context, start, capacity, bytes.baseAddress, bytes.count, nil)
        }
    }

    /// Adds content as it is, for what compression would find nothing in.
    func store(_ bytes: UnsafeRawBufferPointer, appendingTo output: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count, by: Self.blockBytesMax) {
            let block = unsafe bytes[start..<min(start + Self.blockBytesMax, bytes.count)]
            unsafe withUnsafeBytes(of: (Self.plain | UInt32(block.count)).littleEndian) {
                unsafe output.append(contentsOf: $0)
            }
            unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: block))
        }
    }

    /// Ends the frame.
    consuming func finish(appendingTo output: inout [UInt8]) {
        reserve(unsafe LZ4F_compressBound(0, &preferences))
        unsafe append(to: &output) { context, start, capacity, _ in
            unsafe LZ4F_compressEnd(context, start, capacity, nil)
        }
    }

    private mutating func reserve(_ count: Int) {
        if scratch.count < count { scratch = [UInt8](repeating: 0, count: count) }
    }

    private mutating func append(
        to output: inout [UInt8],
        _ body: (
            OpaquePointer, UnsafeMutableRawPointer?, Int, UnsafePointer<LZ4F_preferences_t>
        ) -> Int
    ) {
        let context = unsafe context
        unsafe withUnsafePointer(to: preferences) { preferences in
            unsafe scratch.withUnsafeMutableBytes { buffer in
                let written = unsafe body(context, buffer.baseAddress, buffer.count, preferences)
                precondition(LZ4F_isError(written) == 0, "There was room for the worst case.")
                unsafe output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<written]))
            }
        }
    }
}
