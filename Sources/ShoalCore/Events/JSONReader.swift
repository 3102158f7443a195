internal import CSimdJSON

/// Reads JSON records into slots with simdjson; its buffers live until the next record.
@safe struct JSONReader: ~Copyable, SlotLayout {
    enum Outcome {
        case read
        /// simdjson refused it; `JSONScanner` finds out why.
        case refused
        /// Well-formed, but the text of its numbers must be looked at.
        case suspiciousNumber
        case rejected(EventRejection)
    }

    // The only owner of the C reader, freed in `deinit` and used by one thread.
    private let reader: OpaquePointer
    private let limits: EventLimits

    /// Makes a reader without paths; `itemsMax` is 0 where no list of items will be read.
    init(limits: EventLimits, itemsMax: Int) {
        self.limits = limits
        unsafe reader = shoal_json_create(
            UInt32(clamping: limits.depthMax), UInt32(clamping: limits.fieldsMax), UInt32(clamping: itemsMax))
    }

    deinit { unsafe shoal_json_destroy(reader) }

    mutating func slot(of path: String) -> Int32 {
        let path = Array(path.utf8)
        return unsafe shoal_json_add_path(reader, path, path.count)
    }

    mutating func slot(ofItems path: String) -> Int32 {
        let path = Array(path.utf8)
        return unsafe shoal_json_add_items_path(reader, path, path.count)
    }

    mutating func slot(inItem path: String) -> Int32 {
        let path = Array(path.utf8)
        return unsafe shoal_json_add_item_path(reader, path, path.count)
    }

    /// Ends the set of paths.
    mutating func seal() { unsafe shoal_json_seal(reader) }

    /// Parses one record, which must not be empty.
    @inline(__always)
    mutating func read(_ record: UnsafeRawBufferPointer, isPadded: Bool, trustsNumbers: Bool) -> Outcome {
        let result = unsafe shoal_json_read(
            reader, record.baseAddress?.assumingMemoryBound(to: UInt8.self), record.count, isPadded ? 1 : 0,
            trustsNumbers ? 1 : 0)
        return result == 0 ? .read : outcome(result)
    }

    private func outcome(_ result: Int32) -> Outcome {
        switch shoal_json_result(UInt32(bitPattern: result)) {
        case SHOAL_JSON_NOT_OBJECT:
            .rejected(EventRejection(.notObject, "not_object"))
        case SHOAL_JSON_DUPLICATE_KEY:
            .rejected(EventRejection(.notJSON, "duplicate_key"))
        case SHOAL_JSON_TOO_MANY_FIELDS:
            .rejected(EventRejection(.tooLarge, "too_many_fields: more than \(limits.fieldsMax)"))
        case SHOAL_JSON_TOO_DEEP:
            .rejected(EventRejection(.tooDeep, "too_deep: more than \(limits.depthMax)"))
        case SHOAL_JSON_TOO_MANY_ITEMS:
            .rejected(EventRejection(.tooLarge, "too_many_items: more than \(limits.itemsMax)"))
        case SHOAL_JSON_ITEM_NOT_OBJECT:
            .rejected(
                EventRejection(.badField, unsafe "type:items[\(shoal_json_offending_item(reader))]"))
        case SHOAL_JSON_SUSPICIOUS_NUMBER: .suspiciousNumber
        default: .refused
        }
    }

    /// The values of the record.
    @inline(__always)
    var values: RecordValues { unsafe RecordValues(shoal_json_slots(reader)) }

    @inline(__always)
    var itemCount: Int { unsafe Int(shoal_json_item_count(reader)) }

    /// The values of one item.
    func item(_ index: Int) -> RecordValues {
        precondition(index >= 0 && index < itemCount)
        let stride = unsafe Int(shoal_json_item_slot_count(reader))
        return unsafe RecordValues(shoal_json_item_slots(reader) + index * stride)
    }

    /// Whether bytes are well-formed UTF-8.
    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        unsafe shoal_utf8_is_valid(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count) != 0
    }
}
