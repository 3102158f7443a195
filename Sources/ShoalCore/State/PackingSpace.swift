/// Room for a group of rows on its way between memory and a snapshot; kept from group to group.
@safe struct PackingSpace: ~Copyable {
    static let rowsMax = FrozenBlock.pagesMax * FrozenRows.rowsPerPage

    // All of these are owned by this value alone, sized by `rowsMax` and freed in `deinit`.
    /// The rows' words, column after column.
    private let words: UnsafeMutablePointer<UInt32>
    let newest: UnsafeMutablePointer<Int64>
    let times: UnsafeMutablePointer<UInt64>
    let symbols: UnsafeMutablePointer<UInt16>

    init(stride: Int) {
        unsafe words = Self.room(0, count: stride / 4 * Self.rowsMax)
        unsafe newest = Self.room(0, count: Self.rowsMax)
        unsafe times = Self.room(0, count: Self.rowsMax)
        unsafe symbols = Self.room(0, count: Self.rowsMax)
    }

    private static func room<Value>(_ value: Value, count: Int) -> UnsafeMutablePointer<Value> {
        let room = UnsafeMutablePointer<Value>.allocate(capacity: count)
        unsafe room.initialize(repeating: value, count: count)
        return unsafe room
    }

    deinit {
        unsafe words.deallocate()
        unsafe newest.deallocate()
        unsafe times.deallocate()
        unsafe symbols.deallocate()
    }

    /// One word of every row, by its offset there.
    @inline(__always)
    func column(at offset: Int) -> UnsafeMutablePointer<UInt32> {
        unsafe words + offset / 4 * Self.rowsMax
    }
}
