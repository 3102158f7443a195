/// A feature's definition as a model's artefact spells it, so that a model can be read on its own.
///
/// The keys are those of a configuration; durations are whole milliseconds.
struct DefinitionArtifact: Codable, Equatable {
    struct Condition: Codable, Equatable {
        var path: String
        var anyOf: [Constant]

        enum CodingKeys: String, CodingKey {
            case path
            case anyOf = "any_of"
        }
    }

    /// One of the four is there: JSON alone would not tell 7 from 7.0.
    struct Constant: Codable, Equatable {
        var text: String?
        var integer: Int64?
        var real: Double?
        var boolean: Bool?
    }

    var measure: String
    /// The field that is summed, averaged, counted distinct or kept.
    var field: String?
    var filter: [Condition]
    /// What a ratio or share is measured against.
    var base: [Condition]?
    var minus: [String]?
    var halfLife: Int64?
    var cap: Int64?
    var short: Int64?
    var long: Int64?
    /// A number; absent for the population's.
    var prior: Double?
    var priorWeight: Double?
    var transform: String
    var clip: [Double]?
    var high: String?
    var low: String?
    var hasWords: Bool?

    enum CodingKeys: String, CodingKey {
        case measure, field, filter, base, minus, cap, short, long, prior, transform, clip, high, low
        case halfLife = "half_life"
        case priorWeight = "prior_weight"
        case hasWords = "has_words"
    }

    init(_ definition: FeatureDefinition) {
        measure = ""
        filter = []
        transform = definition.transform.rawValue
        clip = definition.clip.map { [$0.lowerBound, $0.upperBound] }
        hasWords = definition.words == nil ? nil : true
        high = definition.words?.high
        low = definition.words?.low
        describe(definition.kind)
    }

    private mutating func describe(_ kind: FeatureDefinition.Kind) {
        switch kind {
        case .count(let filter, let halfLife):
            set("count", filter, halfLife: halfLife)
        case .sum(let field, let filter, let minus, let halfLife):
            set("sum", filter, field: field, halfLife: halfLife)
            self.minus = minus
        case .mean(let field, let filter, let halfLife):
            set("mean", filter, field: field, halfLife: halfLife)
        case .ratio(let part, let base, let halfLife, let prior, let weight):
            set("ratio", part, halfLife: halfLife)
            set(base: base, prior, weight)
        case .share(let part, let base, let halfLife, let prior, let weight):
            set("share", part, halfLife: halfLife)
            set(base: base, prior, weight)
        case .since(let filter, let cap):
            set("since", filter)
            self.cap = cap
        case .gap(let filter, let halfLife):
            set("gap", filter, halfLife: halfLife)
        case .trend(let filter, let short, let long):
            set("trend", filter)
            self.short = short
            self.long = long
        case .distinct(let field, let filter):
            set("distinct", filter, field: field)
        case .last(let field, let filter):
            set("last", filter, field: field)
        }
    }

    private mutating func set(
        _ measure: String, _ filter: FeatureFilter, field: String? = nil, halfLife: Int64? = nil
    ) {
        self.measure = measure
        self.filter = Self.conditions(filter)
        self.field = field
        self.halfLife = halfLife
    }

    private mutating func set(base: FeatureFilter, _ prior: FeatureDefinition.Prior, _ weight: Double) {
        self.base = Self.conditions(base)
        self.prior = if case .value(let value) = prior { value } else { nil }
        priorWeight = weight
    }

    private static func conditions(_ filter: FeatureFilter) -> [Condition] {
        filter.conditions.map { condition in
            Condition(
                path: condition.path,
                anyOf: condition.anyOf.map { constant in
                    switch constant {
                    case .text(let value): Constant(text: value)
                    case .integer(let value): Constant(integer: value)
                    case .real(let value): Constant(real: value)
                    case .boolean(let value): Constant(boolean: value)
                    }
                })
        }
    }
}
