/// A source's mapping, compiled for one schema: which slot of a record feeds which field of the event.
struct DecodingPlan: ~Copyable {
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
    @safe struct Binding {
        /// The preferred slot, -1 if the record cannot have the field.
        var slot: Int32 = -1
        /// Where in `alternatives` the other slots are, by preference.
        var alternativesStart: Int32 = 0
        var alternativesEnd: Int32 = 0
        var rules: Rules = []
        /// Removed from the end of text.
        var suffix: LentBytes = .empty
        /// Stands in where the record has no value.
        var constant: RecordValue = .absent
    }

    /// A test on one slot.
    @safe struct Condition {
        enum Test {
            /// Indices into `constants`.
            case anyOf(Range<Int>)
            case prefix(LentBytes)
            case present
            case below(Double)
        }

        let slot: Int32
        let test: Test
        let negated: Bool
    }

    /// A word of the source and what it is called here.
    @safe struct Word {
        let theirs: LentBytes
        let ours: LentBytes
    }

    /// The type of a record for which a condition holds.
    @safe struct TypeRule {
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

    let customer: Binding
    let eventID: Binding
    let anonymousID: Binding
    let timestamp: Binding
    let type: Binding
    /// Where the basket is.
    let items: Binding
    /// By index in the schema; the type's own place is empty.
    let fields: [Binding]
    /// By `ItemField`.
    let itemFields: [Binding]
    /// Slots that are looked at where the preferred one is absent.
    let alternatives: [Int32]
    let typeRules: [TypeRule]
    let types: [Word]
    let ignoreWhere: [Condition]
    /// What conditions compare with.
    let constants: [RecordValue]
    // Owns the text that the values above lend.
    private let bytes: ConstantBytes

    /// Compiles `source`, asking `layout` for the slot of every path.
    init(source: SourceMapping, schema: EventSchema, layout: inout some SlotLayout & ~Copyable) {
        var compiler = DecodingPlanCompiler(source: source)
        customer = compiler.bind("customer_id", in: &layout)
        eventID = compiler.bind("event_id", in: &layout)
        anonymousID = compiler.bind("anonymous_id", in: &layout)
        timestamp = compiler.bind("timestamp", in: &layout)
        type = compiler.bind("type", in: &layout)
        items = compiler.bindItems(in: &layout)
        var fields: [Binding] = []
        for index in 0..<schema.count {
            if index == EventSchema.WellKnown.type.rawValue {
                fields.append(Binding())
            } else {
                let rules = Self.rules(of: index, in: schema)
                fields.append(compiler.bind(schema.paths[index], rules: rules, in: &layout))
            }
        }
        self.fields = fields
        var itemFields: [Binding] = []
        for field in ItemField.allCases {
            let rules = Self.rules(of: field.wellKnown.rawValue, in: schema)
            itemFields.append(compiler.bindItemField(field.wellKnown.name, rules: rules, in: &layout))
        }
        self.itemFields = itemFields
        typeRules = compiler.typeRules(in: &layout)
        types = compiler.types()
        ignoreWhere = compiler.ignoreConditions(in: &layout)
        alternatives = compiler.alternatives
        constants = compiler.constants
        bytes = compiler.takeBytes()
    }

    private static let priceRules: Rules = [.mustBeNumber, .isMeasure]
    private static let quantityRules: Rules = [.mustBeNumber, .mustBeWhole, .isMeasure]

    private static func rules(of index: Int, in schema: EventSchema) -> Rules {
        switch EventSchema.WellKnown(rawValue: index) {
        case .amount, .price: priceRules
        case .quantity: quantityRules
        case .sentiment: [.isMeasure]
        case .some: []
        case nil: schema.comparedOnly.contains(index) ? [.allowsBoolean] : [.allowsBoolean, .isMeasure]
        }
    }

    /// The value that a binding finds among `values`, its constant if it finds none.
    @inline(__always)
    func value(_ binding: Binding, in values: RecordValues) -> RecordValue {
        var value = values[binding.slot]
        if value.isAbsent { value = alternative(binding, in: values) }
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
        case .anyOf(let range):
            result = range.contains { index in
                let constant = constants[index]
                let isNumber = constant.kind == .integer || constant.kind == .real
                return (readsText && isNumber ? value.asNumber : value).equals(constant)
            }
        }
        return result != condition.negated
    }
}
