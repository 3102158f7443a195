/// Text of a configuration, kept at fixed addresses so that events can be lent it.
@safe struct ConstantBytes: ~Copyable {
    // Allocated by `keep`, never moved, freed in `deinit`: what is lent lives as long as this value.
    private var pieces: [UnsafeMutableBufferPointer<UInt8>] = unsafe []

    init() {}

    deinit {
        for unsafe piece in unsafe pieces { unsafe piece.deallocate() }
    }

    /// Lends the bytes of `text` for this value's lifetime.
    mutating func keep(_ text: String) -> LentBytes {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty else { return .empty }
        let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        _ = unsafe piece.initialize(from: bytes)
        unsafe pieces.append(piece)
        return unsafe LentBytes(start: UnsafePointer(piece.baseAddress), count: bytes.count)
    }
}
