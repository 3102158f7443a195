/// Room in which integers are written out as text, refilled for every record.
@safe struct DigitText: ~Copyable {
    private static let bytesPerNumber = 20
    // Owned by this value alone and freed in `deinit`; `next` never passes `capacity`.
    private let store: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private var next = 0

    /// - Parameter capacity: how many integers one record can have written out.
    init(capacity: Int) {
        self.capacity = capacity
        unsafe store = .allocate(capacity: capacity * Self.bytesPerNumber)
    }

    deinit { unsafe store.deallocate() }

    mutating func reset() { next = 0 }

    mutating func write(_ value: Int64) -> LentBytes {
        write(magnitude: value.magnitude, isNegative: value < 0)
    }

    mutating func write(_ value: UInt64) -> LentBytes { write(magnitude: value, isNegative: false) }

    private mutating func write(magnitude: UInt64, isNegative: Bool) -> LentBytes {
        precondition(next < capacity, "There is room for one integer in every place that may hold one.")
        next += 1
        var end = unsafe store + next * Self.bytesPerNumber
        var rest = magnitude
        var count = 0
        repeat {
            unsafe end -= 1
            unsafe end.pointee = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        if isNegative {
            unsafe end -= 1
            unsafe end.pointee = UInt8(ascii: "-")
            count += 1
        }
        return unsafe LentBytes(start: UnsafePointer(end), count: count)
    }
}
