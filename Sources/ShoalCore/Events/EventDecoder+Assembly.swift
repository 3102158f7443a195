extension EventDecoder {
    /// How a record's values came to be, which decides what text means.
    enum Form {
        case json
        /// JSON in which marks stand in for numbers that no type holds.
        case patchedJSON
        /// Every value is text.
        case delimited
    }

    /// A number that cannot be used, remembered until it is known that nothing worse is wrong.
    struct NumberFault {
        enum Kind { case type, range, length }

        var kind: Kind
        var name: String

        var rejection: EventRejection {
            switch kind {
            case .type: EventRejection(.badNumber, "type:\(name)")
            case .range: EventRejection(.badNumber, "num_range: \(name)")
            case .length: EventRejection(.badNumber, "num_len: \(name)")
            }
        }
    }

    /// What one value of a record is to its field.
    enum Reading {
        case value(FieldValue)
        case number(NumberFault.Kind)
        case wrongType
    }

    /// Applies the rules of the canonical event to a record's values, in the order of the catalogue.
    mutating func assemble(_ values: RecordValues, times: RecordTimes, form: Form) -> DecodeOutcome {
        event.restart()
        digits.reset()
        let readsText = form == .delimited
        for index in plan.ignoreWhere.indices
        where plan.holds(plan.ignoreWhere[index], in: values, readsText: readsText) {
            return .ignored
        }

        let type = resolveType(values, readsText: readsText)
        if case .ignored = type { return .ignored }
        let customer = plan.value(.customer, in: values)
        if isMissing(customer) { return .rejected(EventRejection(.missingCustomer, "missing:customer_id")) }
        if case .missing = type { return .rejected(EventRejection(.missingType, "missing:type")) }
        if let detail = takeCustomer(customer) { return .rejected(EventRejection(.badCustomer, detail)) }
        switch type {
        case .word(let word): setType(word)
        case .unknown: return .rejected(EventRejection(.badField, "unknown_type"))
        default: return .rejected(EventRejection(.badField, "type:type"))
        }
        if let rejection = takeNames(values) { return .rejected(rejection) }

        var fault: NumberFault?
        if let rejection = takeFields(values, form, &fault) { return .rejected(rejection) }
        if form != .delimited, let rejection = takeItems(values, form, &fault) { return .rejected(rejection) }
        if let fault { return .rejected(fault.rejection) }
        if let fault = resolveAmount() { return .rejected(fault.rejection) }
        if let rejection = takeTime(values, times: times, form: form) { return .rejected(rejection) }
        return .event
    }

    // MARK: Type

    private enum TypeReading {
        case word(LentBytes)
        case missing, wrongType, ignored, unknown
    }

    private mutating func resolveType(_ values: RecordValues, readsText: Bool) -> TypeReading {
        for index in plan.typeRules.indices
        where plan.holds(plan.typeRules[index].condition, in: values, readsText: readsText) {
            return .word(plan.typeRules[index].becomes)
        }
        let value = plan.value(.type, in: values)
        guard value.kind == .text else { return value.isAbsent ? .missing : .wrongType }
        guard !value.text.isEmpty else { return .missing }
        guard !plan.types.isEmpty else { return .word(value.text) }
        for index in plan.types.indices where plan.types[index].theirs.equals(value.text) {
            return .word(plan.types[index].ours)
        }
        return switch plan.unknownType {
        case .keep: .word(value.text)
        case .ignore: .ignored
        case .reject: .unknown
        }
    }

    @inline(__always)
    private mutating func setType(_ word: LentBytes) {
        event[.type] = .text(word)
        // The control types, told apart by length first: nearly every event stops there.
        switch word.count {
        case 17 where word.equals("consent_withdrawn"): event.purpose = .consentWithdrawn
        case 15 where word.equals("consent_granted"): event.purpose = .consentGranted
        case 6 where word.equals("forget"): event.purpose = .forget
        case 8 where word.equals("identify"): event.purpose = .identify
        default: break
        }
    }

    // MARK: Names

    /// Whether an id counts as not given: absent, empty or of spaces only.
    private mutating func isMissing(_ id: RecordValue) -> Bool {
        guard id.kind == .text else { return id.isAbsent }
        for index in 0..<id.text.count where unsafe id.text.buffer[index] != 0x20 { return false }
        return true
    }

    /// Sets the customer, or says what is wrong with it.
    private mutating func takeCustomer(_ value: RecordValue) -> String? {
        guard let id = name(value) else { return "type:customer_id" }
        guard id.count <= limits.idBytesMax else {
            return "bad_id: \(id.count) bytes, at most \(limits.idBytesMax)"
        }
        guard !hasControlCharacter(id) else { return "bad_id: control character" }
        event.customer = id
        return nil
    }

    private mutating func hasControlCharacter(_ id: LentBytes) -> Bool {
        for index in 0..<id.count {
            let byte = unsafe id.buffer[index]
            if byte < 0x20 || byte == 0x7F { return true }
        }
        return false
    }

    /// Text, or an integer as its digits; `nil` for anything else.
    private mutating func name(_ value: RecordValue) -> LentBytes? {
        switch value.kind {
        case .text: value.text
        case .integer: digits.write(value.integerValue)
        case .unsigned: digits.write(value.bits)
        default: nil
        }
    }

    private mutating func takeNames(_ values: RecordValues) -> EventRejection? {
        let eventID = plan.value(.eventID, in: values)
        if !eventID.isAbsent {
            guard let id = name(eventID) else { return EventRejection(.badField, "type:event_id") }
            event.fingerprint = EventFingerprint(id)
        }
        guard event.purpose == .identify else { return nil }
        let anonymousID = plan.value(.anonymousID, in: values)
        guard !isMissing(anonymousID) else { return nil }
        guard let id = name(anonymousID) else { return EventRejection(.badField, "type:anonymous_id") }
        guard id.count <= limits.idBytesMax, !hasControlCharacter(id) else {
            return EventRejection(.badField, "bad_id: anonymous_id")
        }
        event.anonymousID = id
        return nil
    }

    // MARK: Fields

    private mutating func takeFields(
        _ values: RecordValues, _ form: Form, _ fault: inout NumberFault?
    ) -> EventRejection? {
        for index in 1..<plan.fields.count {
            let binding = plan.fields[index]
            switch read(plan.value(binding, in: values), binding.rules, form) {
            case .value(let value): event[index] = value
            case .number(let kind):
                if fault == nil { fault = NumberFault(kind: kind, name: schema.paths[index]) }
            case .wrongType: return EventRejection(.badField, "type:\(schema.paths[index])")
            }
        }
        return nil
    }

    /// Judges one value by its field's rules.
    @inline(__always)
    private mutating func read(_ value: RecordValue, _ rules: DecodingPlan.Rules, _ form: Form) -> Reading {
        switch value.kind {
        case .absent: return .value(.absent)
        case .text:
            guard rules.contains(.isMeasure) else { return .value(.text(value.text)) }
            return readMeasure(value.text, rules, form)
        case .integer:
            return readInteger(value.integerValue, rules)
        case .real:
            return readReal(value.realValue, rules, form)
        case .unsigned:
            if rules.contains(.isMeasure) { return .number(.range) }
            return .value(.text(digits.write(value.bits)))
        case .boolean:
            if rules.contains(.allowsBoolean) { return .value(.boolean(value.bits != 0)) }
            return rules.contains(.mustBeNumber) ? .number(.type) : .wrongType
        case .object, .array: return .wrongType
        }
    }

    private mutating func readMeasure(_ text: LentBytes, _ rules: DecodingPlan.Rules, _ form: Form) -> Reading
    {
        let mustBeNumber = rules.contains(.mustBeNumber)
        guard form == .delimited else { return mustBeNumber ? .number(.type) : .value(.text(text)) }
        switch NumberText(text) {
        case .integer(let value): return readInteger(value, rules)
        case .real(let value): return readReal(value, rules, form)
        case .outOfRange: return .number(.range)
        case .tooLong: return mustBeNumber ? .number(.length) : .value(.text(text))
        case .notNumber: return mustBeNumber ? .number(.type) : .value(.text(text))
        }
    }

    @inline(__always)
    private mutating func readInteger(_ value: Int64, _ rules: DecodingPlan.Rules) -> Reading {
        if rules.contains(.isMeasure), Double(value).magnitude > limits.magnitudeMax {
            return .number(.range)
        }
        return .value(.integer(value))
    }

    @inline(__always)
    private mutating func readReal(_ value: Double, _ rules: DecodingPlan.Rules, _ form: Form) -> Reading {
        if form == .patchedJSON {
            if value == JSONScanner.outOfRangeMark { return .number(.range) }
            if value == JSONScanner.tooLongMark { return .number(.length) }
        }
        if rules.contains(.isMeasure) {
            guard value.magnitude <= limits.magnitudeMax else { return .number(.range) }
            if rules.contains(.mustBeWhole), value != Double(Int64(value)) { return .number(.type) }
        }
        // Adding zero turns -0.0 into 0.
        return .value(.real(value + 0))
    }

    // MARK: Items

    /// Kept, because a build may make the list anew for every line of a basket.
    private static let itemFields = DecodingPlan.ItemField.allCases

    private mutating func takeItems(
        _ values: RecordValues, _ form: Form, _ fault: inout NumberFault?
    ) -> EventRejection? {
        let list = plan.value(plan.items, in: values)
        if list.isAbsent { return nil }
        guard list.kind == .array else { return EventRejection(.badField, "type:items") }
        for index in 0..<json.itemCount {
            let values = json.item(index)
            var item = Event.Item()
            for position in 0..<Self.itemFields.count {
                let field = Self.itemFields[position]
                let binding = plan.itemFields[field.rawValue]
                switch read(plan.value(binding, in: values), binding.rules, form) {
                case .value(let value):
                    switch field {
                    case .productID: item.productID = value
                    case .category: item.category = value
                    case .quantity: item.quantity = value.number ?? 1
                    case .price: item.price = value.number ?? 0
                    }
                case .number(let kind):
                    guard fault == nil else { continue }
                    fault = NumberFault(kind: kind, name: "items[\(index)].\(field.wellKnown.name)")
                case .wrongType:
                    return EventRejection(.badField, "type:items[\(index)].\(field.wellKnown.name)")
                }
            }
            event.append(item)
        }
        return nil
    }

    // MARK: Amount

    /// Fills an amount that is absent from the basket or from price and quantity.
    private mutating func resolveAmount() -> NumberFault? {
        guard event[.amount].isAbsent else { return nil }
        var amount = 0.0
        if event.itemCount > 0 {
            for index in 0..<event.itemCount {
                let item = event.item(index)
                amount += item.quantity * item.price
                guard (item.quantity * item.price).magnitude <= limits.magnitudeMax else {
                    return NumberFault(kind: .range, name: "items[\(index)]")
                }
            }
        } else {
            guard let price = event[.price].number else { return nil }
            amount = price * (event[.quantity].number ?? 1)
        }
        guard amount.magnitude <= limits.magnitudeMax else {
            return NumberFault(kind: .range, name: "amount")
        }
        event[.amount] = .real(amount + 0)
        return nil
    }
}
