/// What gathers the parts of a `DecodingPlan` while it is made.
struct DecodingPlanCompiler: ~Copyable {
    private let source: SourceMapping
    private(set) var alternatives: [Int32] = []
    private(set) var constants: [RecordValue] = []
    private var bytes = ConstantBytes()

    init(source: SourceMapping) { self.source = source }

    /// Hands over the owner of all text that was compiled.
    consuming func takeBytes() -> ConstantBytes { bytes }

    mutating func bind(
        _ name: String, rules: DecodingPlan.Rules = [], in layout: inout some SlotLayout & ~Copyable
    ) -> DecodingPlan.Binding {
        let field = source.fields[name] ?? SourceMapping.Field(paths: [name])
        let slots = field.paths.map { layout.slot(of: $0) }
        var binding = bind(slots, suffix: field.stripSuffix, rules: rules)
        if let constant = source.constants[name] { binding.constant = value(of: constant) }
        return binding
    }

    mutating func bindItems(in layout: inout some SlotLayout & ~Copyable) -> DecodingPlan.Binding {
        let paths = source.fields["items"]?.paths ?? ["items"]
        return bind(paths.map { layout.slot(ofItems: $0) }, suffix: nil, rules: [])
    }

    mutating func bindItemField(
        _ name: String, rules: DecodingPlan.Rules, in layout: inout some SlotLayout & ~Copyable
    ) -> DecodingPlan.Binding {
        let field = source.itemFields[name] ?? SourceMapping.Field(paths: [name])
        let slots = field.paths.map { layout.slot(inItem: $0) }
        return bind(slots, suffix: field.stripSuffix, rules: rules)
    }

    mutating func typeRules(in layout: inout some SlotLayout & ~Copyable) -> [DecodingPlan.TypeRule] {
        var rules: [DecodingPlan.TypeRule] = []
        for rule in source.typeRules {
            let condition = compile(rule.condition, in: &layout)
            rules.append(DecodingPlan.TypeRule(condition: condition, becomes: bytes.keep(rule.becomes)))
        }
        return rules
    }

    mutating func types() -> [DecodingPlan.Word] {
        // In a fixed order, so that the same mapping always compiles to the same plan.
        var words: [DecodingPlan.Word] = []
        for (theirs, ours) in source.types.sorted(by: { $0.key < $1.key }) {
            words.append(DecodingPlan.Word(theirs: bytes.keep(theirs), ours: bytes.keep(ours)))
        }
        return words
    }

    mutating func ignoreConditions(in layout: inout some SlotLayout & ~Copyable) -> [DecodingPlan.Condition] {
        var conditions: [DecodingPlan.Condition] = []
        for condition in source.ignoreWhere { conditions.append(compile(condition, in: &layout)) }
        return conditions
    }

    private mutating func bind(
        _ slots: [Int32], suffix: String?, rules: DecodingPlan.Rules
    ) -> DecodingPlan.Binding {
        let present = slots.filter { $0 >= 0 }
        var binding = DecodingPlan.Binding()
        binding.slot = present.first ?? -1
        binding.alternativesStart = Int32(alternatives.count)
        alternatives += present.dropFirst()
        binding.alternativesEnd = Int32(alternatives.count)
        binding.rules = rules
        if let suffix { binding.suffix = bytes.keep(suffix) }
        return binding
    }

    private mutating func compile(
        _ condition: SourceMapping.Condition, in layout: inout some SlotLayout & ~Copyable
    ) -> DecodingPlan.Condition {
        let test: DecodingPlan.Condition.Test
        switch condition.test {
        case .present: test = .present
        case .below(let bound): test = .below(bound)
        case .prefix(let prefix): test = .prefix(bytes.keep(prefix))
        case .anyOf(let candidates):
            let start = constants.count
            for candidate in candidates { constants.append(value(of: candidate)) }
            test = .anyOf(start..<constants.count)
        }
        return DecodingPlan.Condition(
            slot: layout.slot(of: condition.path), test: test, negated: condition.negated)
    }

    private mutating func value(of constant: FieldConstant) -> RecordValue {
        switch constant {
        case .text(let text): .text(bytes.keep(text))
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .boolean(let value): .boolean(value)
        }
    }
}
