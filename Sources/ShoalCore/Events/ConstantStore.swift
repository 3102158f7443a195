/// What a decoder is told once, kept at fixed addresses so that it can be lent for as long as the store
/// lives.
@safe struct ConstantStore: ~Copyable {
    // Allocated by `keep`, never moved or changed, freed in `deinit`: what is lent lives as long as this
    // value.
    private var pieces: [UnsafeMutableRawPointer] = unsafe []

    init() {}

    deinit {
        unsafe pieces.forEach { piece in unsafe piece.deallocate() }
    }

    /// Lends the bytes of `text` for this value's lifetime.
    mutating func keep(_ text: String) -> LentBytes {
        let bytes = keep(Array(text.utf8))
        return unsafe LentBytes(start: bytes.start, count: bytes.count)
    }

    /// Lends one value, which must own nothing, for this value's lifetime.
    mutating func keep<Value: BitwiseCopyable>(_ value: Value) -> UnsafePointer<Value> {
        let piece = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        unsafe piece.initialize(to: value)
        unsafe pieces.append(UnsafeMutableRawPointer(piece))
        return unsafe UnsafePointer(piece)
    }

    /// Lends the elements for this value's lifetime; they must own nothing.
    mutating func keep<Element: BitwiseCopyable>(_ elements: [Element]) -> LentTable<Element> {
        guard !elements.isEmpty else { return .empty }
        let piece = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
        _ = unsafe piece.initialize(from: elements)
        guard let start = piece.baseAddress else { return .empty }
        unsafe pieces.append(UnsafeMutableRawPointer(start))
        return unsafe LentTable(start: UnsafePointer(start), count: elements.count)
    }
}
