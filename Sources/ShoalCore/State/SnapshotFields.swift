/// Takes fields from bytes that may be anything, and never reads beyond them.
struct SnapshotFields {
    /// Slots of one kind in a row, at most; far above any plan.
    private static let smallMax = 65_536

    private var reader: WireReader

    init(_ bytes: [UInt8]) { reader = WireReader(bytes: bytes, position: 0) }

    private var left: Int { reader.bytes.count - reader.position }

    var isAtEnd: Bool { left == 0 }

    mutating func next<Value: FixedWidthInteger & UnsignedInteger>() throws(SnapshotError) -> Value {
        guard left >= MemoryLayout<Value>.size else { throw Self.tooShort }
        return reader.next()
    }

    mutating func next() throws(SnapshotError) -> Int32 { Int32(bitPattern: try next()) }

    mutating func next() throws(SnapshotError) -> Int64 { Int64(bitPattern: try next()) }

    /// A 64-bit number that is not negative.
    mutating func natural() throws(SnapshotError) -> Int {
        let value: Int64 = try next()
        guard value >= 0 else { throw .impossible("a negative count") }
        return Int(value)
    }

    mutating func small() throws(SnapshotError) -> Int {
        let value = Int(try next() as UInt32)
        guard value <= Self.smallMax else { throw .impossible("a count beyond all bounds") }
        return value
    }

    /// How many elements follow, each of at least so many bytes.
    mutating func count(bytesEach: Int) throws(SnapshotError) -> Int {
        let count = Int(try next() as UInt32)
        guard count <= left / bytesEach else { throw Self.tooShort }
        return count
    }

    mutating func bytes() throws(SnapshotError) -> [UInt8] {
        let count = try count(bytesEach: 1)
        return (0..<count).map { _ in reader.next() }
    }

    mutating func text() throws(SnapshotError) -> String {
        guard let text = String(validating: try bytes(), as: UTF8.self) else {
            throw .impossible("a text that is not UTF-8")
        }
        return text
    }

    mutating func slots(below bound: Int) throws(SnapshotError) -> [UInt32] {
        var slots: [UInt32] = []
        for _ in 0..<(try count(bytesEach: 4)) {
            let slot: UInt32 = try next()
            guard slot < bound else { throw .impossible("a feature outside its row") }
            slots.append(slot)
        }
        return slots
    }

    private static var tooShort: SnapshotError { .impossible("a header that ends too early") }
}
