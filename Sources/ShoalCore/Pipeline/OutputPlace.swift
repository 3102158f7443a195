/// Room in an `OutputBuffer`, lent to be written.
@safe struct OutputPlace {
    private let start: UnsafeMutablePointer<UInt8>
    private let count: Int

    @inline(__always)
    init(start: UnsafeMutablePointer<UInt8>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
        get {
            precondition(index >= 0 && index < count)
            return unsafe start[index]
        }
        nonmutating set {
            precondition(index >= 0 && index < count)
            unsafe start[index] = newValue
        }
    }
}
