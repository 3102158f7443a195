/// Elements that a `ConstantStore` owns; looking into it counts no references.
@safe struct LentTable<Element: BitwiseCopyable> {
    // Valid as long as the store; every index is checked against `count`.
    let start: UnsafePointer<Element>?
    let count: Int

    init(start: UnsafePointer<Element>?, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    static var empty: LentTable { unsafe LentTable(start: nil, count: 0) }

    var indices: Range<Int> { 0..<count }

    var isEmpty: Bool { count == 0 }

    @inline(__always)
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count)
        return unsafe UnsafeBufferPointer(start: start, count: count)[index]
    }
}
