extension DefinitionArtifact {
    /// The definition that was written; `nil` if it is of a kind that this version does not know.
    func definition(name: String, weight: Double) -> FeatureDefinition? {
        guard let kind = kind, let transform = FeatureDefinition.Transform(rawValue: transform) else {
            return nil
        }
        var bounds: ClosedRange<Double>?
        if let clip {
            guard clip.count == 2, clip[0] <= clip[1] else { return nil }
            bounds = clip[0]...clip[1]
        }
        let words = hasWords == true ? FeatureDefinition.Words(high: high, low: low) : nil
        return FeatureDefinition(
            name: name, kind: kind, transform: transform, clip: bounds, weight: weight, words: words)
    }

    private var kind: FeatureDefinition.Kind? {
        guard let filter = Self.filter(self.filter) else { return nil }
        switch measure {
        case "count": return halfLife.map { .count(filter, halfLife: $0) }
        case "gap": return halfLife.map { .gap(filter, halfLife: $0) }
        case "since": return cap.map { .since(filter, cap: $0) }
        case "distinct": return field.map { .distinct(of: $0, filter) }
        case "last": return field.map { .last(of: $0, filter) }
        case "sum":
            guard let field, let halfLife else { return nil }
            return .sum(of: field, filter, minus: minus ?? [], halfLife: halfLife)
        case "mean":
            guard let field, let halfLife else { return nil }
            return .mean(of: field, filter, halfLife: halfLife)
        case "trend":
            guard let short, let long else { return nil }
            return .trend(of: filter, short: short, long: long)
        case "ratio", "share":
            guard let base = base.flatMap(Self.filter), let halfLife, let priorWeight else { return nil }
            let prior = prior.map { FeatureDefinition.Prior.value($0) } ?? .population
            return measure == "ratio"
                ? .ratio(of: filter, to: base, halfLife: halfLife, prior: prior, priorWeight: priorWeight)
                : .share(of: filter, among: base, halfLife: halfLife, prior: prior, priorWeight: priorWeight)
        default: return nil
        }
    }

    private static func filter(_ conditions: [Condition]) -> FeatureFilter? {
        var filter = FeatureFilter()
        for condition in conditions {
            let constants = condition.anyOf.compactMap(constant)
            guard constants.count == condition.anyOf.count else { return nil }
            filter.conditions.append(FeatureFilter.Condition(path: condition.path, anyOf: constants))
        }
        return filter
    }

    private static func constant(_ constant: Constant) -> FieldConstant? {
        if let text = constant.text { return .text(text) }
        if let integer = constant.integer { return .integer(integer) }
        if let real = constant.real { return .real(real) }
        return constant.boolean.map { .boolean($0) }
    }
}
