/// A source's mapping, compiled for one schema: which slot of a record feeds which field of the event.
///
/// Everything in it is lent by the `ConstantStore` that it was compiled into.
@safe struct DecodingPlan {
    /// What a field accepts.
    struct Rules: OptionSet {
        let rawValue: UInt8

        /// Anything but a number is `bad_number`.
        static let mustBeNumber = Rules(rawValue: 1)
        /// A fraction is `bad_number`.
        static let mustBeWhole = Rules(rawValue: 2)
        /// Numbers are bounded, and text that is a number counts as one in a delimited file.
        static let isMeasure = Rules(rawValue: 4)
        static let allowsBoolean = Rules(rawValue: 8)
    }

    /// Where one field of the event comes from.
    @safe struct Binding: BitwiseCopyable {
        /// The preferred slot, -1 if the record cannot have the field.
        var slot: Int32 = -1
        /// Where in `alternatives` the other slots are, by preference.
        var alternativesStart: Int32 = 0
        var alternativesEnd: Int32 = 0
        var rules: Rules = []
        /// There are alternatives or a constant.
        var hasMore = false
        /// Removed from the end of text.
        var suffix: LentBytes = .empty
        /// Stands in where the record has no value.
        var constant: RecordValue = .absent
    }

    /// A test on one slot.
    @safe struct Condition: BitwiseCopyable {
        enum Test: BitwiseCopyable {
            /// Indices into `constants`.
            case anyOf(start: Int, end: Int)
            case prefix(LentBytes)
            case present
            case below(Double)
        }

        let slot: Int32
        let test: Test
        let negated: Bool
    }

    /// A word of the source and what it is called here.
    @safe struct Word: BitwiseCopyable {
        let theirs: LentBytes
        let ours: LentBytes
    }

    /// The type of a record for which a condition holds.
    @safe struct TypeRule: BitwiseCopyable {
        let condition: Condition
        let becomes: LentBytes
    }

    /// The fields of a basket's line.
    enum ItemField: Int, CaseIterable {
        case productID, category, quantity, price

        /// The field of the event that has the same name and rules.
        var wellKnown: EventSchema.WellKnown {
            switch self {
            case .productID: .productID
            case .category: .category
            case .quantity: .quantity
            case .price: .price
            }
        }
    }

    /// The fields that every event has beside those that features refer to.
    enum Head: Int, CaseIterable {
        case customer, eventID, anonymousID, timestamp, type

        /// The field's name in a canonical event.
        var name: String {
            switch self {
            case .customer: "customer_id"
            case .eventID: "event_id"
            case .anonymousID: "anonymous_id"
            case .timestamp: "timestamp"
            case .type: "type"
            }
        }
    }

    // Kept by the store for as long as it lives. One pointer, because a structure as large as these tables
    // would be copied on the way into every method.
    private let tables: UnsafePointer<DecodingTables>

    /// Compiles `source`, asking `layout` for the slot of every path.
    init(
        source: SourceMapping, schema: EventSchema, layout: inout some SlotLayout & ~Copyable,
        store: inout ConstantStore
    ) {
        let tables = DecodingTables(source: source, schema: schema, layout: &layout, store: &store)
        unsafe self.tables = store.keep(tables)
    }

    var heads: LentTable<Binding> { unsafe tables.pointee.heads }
    var fields: LentTable<Binding> { unsafe tables.pointee.fields }
    var items: Binding { unsafe tables.pointee.items }
    var itemFields: LentTable<Binding> { unsafe tables.pointee.itemFields }
    var alternatives: LentTable<Int32> { unsafe tables.pointee.alternatives }
    var typeRules: LentTable<TypeRule> { unsafe tables.pointee.typeRules }
    var types: LentTable<Word> { unsafe tables.pointee.types }
    var unknownType: SourceMapping.UnknownType { unsafe tables.pointee.unknownType }
    var timeFormat: SourceMapping.TimeFormat { unsafe tables.pointee.timeFormat }
    var ignoreWhere: LentTable<Condition> { unsafe tables.pointee.ignoreWhere }
    var constants: LentTable<RecordValue> { unsafe tables.pointee.constants }

    /// The value that a binding finds among `values`, its constant if it finds none.
    @inline(__always)
    func value(_ head: Head, in values: RecordValues) -> RecordValue {
        value(heads[head.rawValue], in: values)
    }

    /// The value that a binding finds among `values`, its constant if it finds none.
    @inline(__always)
    func value(_ binding: Binding, in values: RecordValues) -> RecordValue {
        var value = values[binding.slot]
        if value.isAbsent, binding.hasMore { value = alternative(binding, in: values) }
        if !binding.suffix.isEmpty { value = value.strippingSuffix(binding.suffix) }
        return value
    }

    private func alternative(_ binding: Binding, in values: RecordValues) -> RecordValue {
        for index in Int(binding.alternativesStart)..<Int(binding.alternativesEnd) {
            let value = values[alternatives[index]]
            if !value.isAbsent { return value }
        }
        return binding.constant
    }

    /// Whether a condition holds for a record.
    ///
    /// In a delimited file every value is text, so a number is compared with the number that the text is.
    func holds(_ condition: Condition, in values: RecordValues, readsText: Bool) -> Bool {
        var value = values[condition.slot]
        let result: Bool
        switch condition.test {
        case .present:
            result = !value.isAbsent
        case .prefix(let prefix):
            result = value.kind == .text && value.text.hasPrefix(prefix)
        case .below(let bound):
            if readsText { value = value.asNumber }
            result = value.number.map { $0 < bound } ?? false
        case .anyOf(let start, let end):
            result = (start..<end).contains { index in
                let constant = constants[index]
                let isNumber = constant.kind == .integer || constant.kind == .real
                return (readsText && isNumber ? value.asNumber : value).equals(constant)
            }
        }
        return result != condition.negated
    }
}
