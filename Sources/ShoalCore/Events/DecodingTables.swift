/// What a `DecodingPlan` looks into, compiled from a source's mapping for one schema.
struct DecodingTables: BitwiseCopyable {
    /// By `Head`.
    let heads: LentTable<DecodingPlan.Binding>
    /// By index in the schema; the type's own place is empty.
    let fields: LentTable<DecodingPlan.Binding>
    /// Where the basket is.
    let items: DecodingPlan.Binding
    /// By `ItemField`.
    let itemFields: LentTable<DecodingPlan.Binding>
    /// Slots that are looked at where the preferred one is absent.
    let alternatives: LentTable<Int32>
    let typeRules: LentTable<DecodingPlan.TypeRule>
    let types: LentTable<DecodingPlan.Word>
    let unknownType: SourceMapping.UnknownType
    let timeFormat: SourceMapping.TimeFormat
    let ignoreWhere: LentTable<DecodingPlan.Condition>
    /// What conditions compare with.
    let constants: LentTable<RecordValue>

    /// Compiles `source`, asking `layout` for the slot of every path.
    init(
        source: SourceMapping, schema: EventSchema, layout: inout some SlotLayout & ~Copyable,
        store: inout ConstantStore
    ) {
        unknownType = source.unknownType
        timeFormat = source.timeFormat
        var compiler = DecodingPlanCompiler(source: source)
        var heads: [DecodingPlan.Binding] = []
        for head in DecodingPlan.Head.allCases {
            heads.append(compiler.bind(head.name, rules: [], in: &layout, &store))
        }
        var fields: [DecodingPlan.Binding] = []
        for index in 0..<schema.count {
            if index == EventSchema.WellKnown.type.rawValue {
                fields.append(DecodingPlan.Binding())
            } else {
                let rules = Self.rules(of: index, in: schema)
                fields.append(compiler.bind(schema.paths[index], rules: rules, in: &layout, &store))
            }
        }
        var itemFields: [DecodingPlan.Binding] = []
        for field in DecodingPlan.ItemField.allCases {
            let rules = Self.rules(of: field.wellKnown.rawValue, in: schema)
            itemFields.append(
                compiler.bindItemField(field.wellKnown.name, rules: rules, in: &layout, &store))
        }
        self.heads = store.keep(heads)
        self.fields = store.keep(fields)
        self.itemFields = store.keep(itemFields)
        items = compiler.bindItems(in: &layout, &store)
        typeRules = store.keep(compiler.typeRules(in: &layout, &store))
        types = store.keep(compiler.types(&store))
        ignoreWhere = store.keep(compiler.ignoreConditions(in: &layout, &store))
        alternatives = store.keep(compiler.alternatives)
        constants = store.keep(compiler.constants)
    }

    private static let priceRules: DecodingPlan.Rules = [.mustBeNumber, .isMeasure]
    private static let quantityRules: DecodingPlan.Rules = [.mustBeNumber, .mustBeWhole, .isMeasure]

    private static func rules(of index: Int, in schema: EventSchema) -> DecodingPlan.Rules {
        switch EventSchema.WellKnown(rawValue: index) {
        case .amount, .price: priceRules
        case .quantity: quantityRules
        case .sentiment: [.isMeasure]
        case .some: []
        case nil: schema.comparedOnly.contains(index) ? [.allowsBoolean] : [.allowsBoolean, .isMeasure]
        }
    }
}
