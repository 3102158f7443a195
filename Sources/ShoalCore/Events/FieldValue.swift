/// One value of an event's field: a number, a truth value, text, or nothing.
///
/// Integers stay integers: 19-digit category ids do not fit a `Double`.
@safe package struct FieldValue: BitwiseCopyable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable { case absent, boolean, integer, real, text }

    // A number's bits, or where the text begins: 16 bytes in all, since every event is full of them.
    private let payload: UInt64
    private let length: UInt32
    package let kind: Kind

    @inline(__always)
    private init(kind: Kind, bits: UInt64) {
        payload = bits
        length = 0
        self.kind = kind
    }

    @inline(__always)
    private init(_ text: LentBytes) {
        payload = unsafe UInt64(UInt(bitPattern: text.start))
        // A record is shorter than 4 GiB.
        length = UInt32(truncatingIfNeeded: text.count)
        kind = .text
    }

    /// The text, lent by the decoder; empty unless `kind` is `text`.
    @inline(__always)
    package var text: LentBytes {
        guard kind == .text else { return .empty }
        return unsafe LentBytes(start: UnsafePointer(bitPattern: UInt(payload)), count: Int(length))
    }

    package static var absent: FieldValue { FieldValue(kind: .absent, bits: 0) }

    @inline(__always)
    package static func boolean(_ value: Bool) -> FieldValue {
        FieldValue(kind: .boolean, bits: value ? 1 : 0)
    }

    @inline(__always)
    package static func integer(_ value: Int64) -> FieldValue {
        FieldValue(kind: .integer, bits: UInt64(bitPattern: value))
    }

    @inline(__always)
    package static func real(_ value: Double) -> FieldValue {
        FieldValue(kind: .real, bits: value.bitPattern)
    }

    @inline(__always)
    package static func text(_ value: LentBytes) -> FieldValue {
        FieldValue(value)
    }

    @inline(__always)
    package var isAbsent: Bool { kind == .absent }

    /// The integer, meaningful if `kind` is `integer`.
    @inline(__always)
    package var integerValue: Int64 { Int64(bitPattern: payload) }

    /// The value as a number: true is 1, text and absent are `nil`.
    @inline(__always)
    package var number: Double? {
        switch kind {
        case .real: Double(bitPattern: payload)
        case .integer: Double(integerValue)
        case .boolean: payload == 1 ? 1 : 0
        case .text, .absent: nil
        }
    }
}
