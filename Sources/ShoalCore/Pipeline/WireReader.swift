/// Takes little-endian integers from bytes, one after the other.
///
/// The caller checks the length first; reading on beyond the end is a fault of the code and traps.
struct WireReader {
    let bytes: [UInt8]
    private(set) var position: Int

    init(bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    mutating func next<Value: FixedWidthInteger & UnsignedInteger>() -> Value {
        var value: Value = 0
        let size = MemoryLayout<Value>.size
        for index in 0..<size { value |= Value(bytes[position + index]) << (8 * index) }
        position += size
        return value
    }

    mutating func next() -> Int32 { Int32(bitPattern: next()) }

    mutating func next() -> Int64 { Int64(bitPattern: next()) }

    /// A 64-bit integer that counts or identifies something.
    mutating func nextCount() -> Int { Int(next() as Int64) }

    mutating func nextDoubles(_ count: Int) -> [Double] {
        (0..<count).map { _ in Double(bitPattern: next()) }
    }

    /// A count of events and the name of their type; `nil` if it would not end before `end`.
    mutating func nextEventType(before end: Int) -> BatchSummary.EventTypeCount? {
        guard end - position >= 9 else { return nil }
        let count = nextCount()
        let nameCount = Int(next() as UInt8)
        guard count >= 0, end - position >= nameCount,
            let name = String(validating: bytes[position..<position + nameCount], as: UTF8.self)
        else { return nil }
        position += nameCount
        return BatchSummary.EventTypeCount(name: name, count: count)
    }
}
