/// One value of a record as it came, before any rule of the canonical event is applied.
@safe struct RecordValue: BitwiseCopyable {
    /// The numbers are those of `shoal_json_kind`.
    enum Kind: UInt8 {
        case absent, boolean, integer, real, text, unsigned, object, array

        /// The kind with this number; spelled out so that it costs nothing.
        @inline(__always)
        init(code: UInt8) {
            switch code {
            case 1: self = .boolean
            case 2: self = .integer
            case 3: self = .real
            case 4: self = .text
            case 5: self = .unsigned
            case 6: self = .object
            case 7: self = .array
            default: self = .absent
            }
        }
    }

    let kind: Kind
    let bits: UInt64
    let text: LentBytes

    static var absent: RecordValue { RecordValue(kind: .absent, bits: 0, text: .empty) }

    @inline(__always)
    static func text(_ text: LentBytes) -> RecordValue { RecordValue(kind: .text, bits: 0, text: text) }

    static func integer(_ value: Int64) -> RecordValue {
        RecordValue(kind: .integer, bits: UInt64(bitPattern: value), text: .empty)
    }

    static func real(_ value: Double) -> RecordValue {
        RecordValue(kind: .real, bits: value.bitPattern, text: .empty)
    }

    static func boolean(_ value: Bool) -> RecordValue {
        RecordValue(kind: .boolean, bits: value ? 1 : 0, text: .empty)
    }

    @inline(__always)
    var isAbsent: Bool { kind == .absent }

    /// Meaningful if `kind` is `integer`.
    @inline(__always)
    var integerValue: Int64 { Int64(bitPattern: bits) }

    /// Meaningful if `kind` is `real`.
    @inline(__always)
    var realValue: Double { Double(bitPattern: bits) }

    /// The value of any kind of number.
    var number: Double? {
        switch kind {
        case .integer: Double(integerValue)
        case .real: realValue
        case .unsigned: Double(bits)
        default: nil
        }
    }

    /// Text that is a number becomes one; everything else stays.
    var asNumber: RecordValue {
        guard kind == .text else { return self }
        return switch NumberText(text) {
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .outOfRange, .tooLong, .notNumber: self
        }
    }

    /// Whether both are the same text, truth value or number; `7` is not `"7"`.
    func equals(_ other: RecordValue) -> Bool {
        switch (kind, other.kind) {
        case (.text, .text): text.equals(other.text)
        case (.boolean, .boolean), (.integer, .integer), (.unsigned, .unsigned): bits == other.bits
        default: number.map { $0 == other.number } ?? false
        }
    }

    /// The same without `suffix`, if it is text that ends with it.
    func strippingSuffix(_ suffix: LentBytes) -> RecordValue {
        let kept = text.count - suffix.count
        guard kind == .text, kept >= 0 else { return self }
        for index in 0..<suffix.count
        where unsafe text.buffer[kept + index] != suffix.buffer[index] { return self }
        return .text(unsafe LentBytes(start: text.start, count: kept))
    }
}
