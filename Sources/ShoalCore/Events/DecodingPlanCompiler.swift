/// What gathers the parts of a `DecodingPlan` while it is made.
struct DecodingPlanCompiler {
    private let source: SourceMapping
    private(set) var alternatives: [Int32] = []
    private(set) var constants: [RecordValue] = []

    init(source: SourceMapping) { self.source = source }

    mutating func bind(
        _ name: String, rules: DecodingPlan.Rules, in layout: inout some SlotLayout & ~Copyable,
        _ store: inout ConstantStore
    ) -> DecodingPlan.Binding {
        let field = source.fields[name] ?? SourceMapping.Field(paths: [name])
        let slots = field.paths.map { layout.slot(of: $0) }
        var binding = bind(slots, suffix: field.stripSuffix, rules: rules, &store)
        if let constant = source.constants[name] {
            binding.constant = value(of: constant, &store)
            binding.hasMore = true
        }
        return binding
    }

    mutating func bindItems(
        in layout: inout some SlotLayout & ~Copyable, _ store: inout ConstantStore
    ) -> DecodingPlan.Binding {
        let paths = source.fields["items"]?.paths ?? ["items"]
        return bind(paths.map { layout.slot(ofItems: $0) }, suffix: nil, rules: [], &store)
    }

    mutating func bindItemField(
        _ name: String, rules: DecodingPlan.Rules, in layout: inout some SlotLayout & ~Copyable,
        _ store: inout ConstantStore
    ) -> DecodingPlan.Binding {
        let field = source.itemFields[name] ?? SourceMapping.Field(paths: [name])
        let slots = field.paths.map { layout.slot(inItem: $0) }
        return bind(slots, suffix: field.stripSuffix, rules: rules, &store)
    }

    mutating func typeRules(
        in layout: inout some SlotLayout & ~Copyable, _ store: inout ConstantStore
    ) -> [DecodingPlan.TypeRule] {
        var rules: [DecodingPlan.TypeRule] = []
        for rule in source.typeRules {
            let condition = compile(rule.condition, in: &layout, &store)
            rules.append(DecodingPlan.TypeRule(condition: condition, becomes: store.keep(rule.becomes)))
        }
        return rules
    }

    func types(_ store: inout ConstantStore) -> [DecodingPlan.Word] {
        // In a fixed order, so that the same mapping always compiles to the same plan.
        var words: [DecodingPlan.Word] = []
        for (theirs, ours) in source.types.sorted(by: { $0.key < $1.key }) {
            words.append(DecodingPlan.Word(theirs: store.keep(theirs), ours: store.keep(ours)))
        }
        return words
    }

    mutating func ignoreConditions(
        in layout: inout some SlotLayout & ~Copyable, _ store: inout ConstantStore
    ) -> [DecodingPlan.Condition] {
        var conditions: [DecodingPlan.Condition] = []
        for condition in source.ignoreWhere { conditions.append(compile(condition, in: &layout, &store)) }
        return conditions
    }

    private mutating func bind(
        _ slots: [Int32], suffix: String?, rules: DecodingPlan.Rules, _ store: inout ConstantStore
    ) -> DecodingPlan.Binding {
        let present = slots.filter { $0 >= 0 }
        var binding = DecodingPlan.Binding()
        binding.slot = present.first ?? -1
        binding.alternativesStart = Int32(alternatives.count)
        alternatives += present.dropFirst()
        binding.alternativesEnd = Int32(alternatives.count)
        binding.hasMore = present.count > 1
        binding.rules = rules
        if let suffix { binding.suffix = store.keep(suffix) }
        return binding
    }

    private mutating func compile(
        _ condition: SourceMapping.Condition, in layout: inout some SlotLayout & ~Copyable,
        _ store: inout ConstantStore
    ) -> DecodingPlan.Condition {
        let test: DecodingPlan.Condition.Test
        switch condition.test {
        case .present: test = .present
        case .below(let bound): test = .below(bound)
        case .prefix(let prefix): test = .prefix(store.keep(prefix))
        case .anyOf(let candidates):
            let start = constants.count
            for candidate in candidates { constants.append(value(of: candidate, &store)) }
            test = .anyOf(start: start, end: constants.count)
        }
        return DecodingPlan.Condition(
            slot: layout.slot(of: condition.path), test: test, negated: condition.negated)
    }

    private func value(of constant: FieldConstant, _ store: inout ConstantStore) -> RecordValue {
        switch constant {
        case .text(let text): .text(store.keep(text))
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .boolean(let value): .boolean(value)
        }
    }
}
