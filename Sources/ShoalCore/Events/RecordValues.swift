internal import CSimdJSON

/// The values of one record by slot; lent by whoever read the record.
@safe struct RecordValues {
    // Valid until the next record; every index comes from the plan that sized the slots.
    private let slots: UnsafePointer<shoal_json_slot>

    init(_ slots: UnsafePointer<shoal_json_slot>) { unsafe self.slots = slots }

    /// The value in `slot`, absent if there is no such slot.
    @inline(__always)
    subscript(slot: Int32) -> RecordValue {
        guard slot >= 0 else { return .absent }
        let value = unsafe slots + Int(slot)
        let kind = unsafe RecordValue.Kind(code: value.pointee.kind)
        return unsafe RecordValue(
            kind: kind, bits: value.pointee.bits,
            text: LentBytes(start: value.pointee.text, count: Int(value.pointee.length)))
    }
}
