/// One value of an event's field: a number, a truth value, text, or nothing.
///
/// Integers stay integers: 19-digit category ids do not fit a `Double`.
@safe package struct FieldValue: BitwiseCopyable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable { case absent, boolean, integer, real, text }

    package let kind: Kind
    private let bits: UInt64
    /// The text, lent by the decoder; empty unless `kind` is `text`.
    package let text: LentBytes

    @inline(__always)
    private init(kind: Kind, bits: UInt64, text: LentBytes) {
        self.kind = kind
        self.bits = bits
        self.text = text
    }

    package static var absent: FieldValue { FieldValue(kind: .absent, bits: 0, text: .empty) }

    @inline(__always)
    package static func boolean(_ value: Bool) -> FieldValue {
        FieldValue(kind: .boolean, bits: value ? 1 : 0, text: .empty)
    }

    @inline(__always)
    package static func integer(_ value: Int64) -> FieldValue {
        FieldValue(kind: .integer, bits: UInt64(bitPattern: value), text: .empty)
    }

    @inline(__always)
    package static func real(_ value: Double) -> FieldValue {
        FieldValue(kind: .real, bits: value.bitPattern, text: .empty)
    }

    @inline(__always)
    package static func text(_ value: LentBytes) -> FieldValue {
        FieldValue(kind: .text, bits: 0, text: value)
    }

    @inline(__always)
    package var isAbsent: Bool { kind == .absent }

    /// The integer, meaningful if `kind` is `integer`.
    @inline(__always)
    package var integerValue: Int64 { Int64(bitPattern: bits) }

    /// The value as a number: true is 1, text and absent are `nil`.
    @inline(__always)
    package var number: Double? {
        switch kind {
        case .real: Double(bitPattern: bits)
        case .integer: Double(integerValue)
        case .boolean: bits == 1 ? 1 : 0
        case .text, .absent: nil
        }
    }
}
