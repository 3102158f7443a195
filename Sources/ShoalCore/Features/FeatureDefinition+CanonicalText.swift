extension FeatureDefinition {
    /// The definition spelled out so that equal definitions, and only those, have equal text.
    ///
    /// It is what the plan's hash is computed from. Words for names are left out: they change no number.
    package var canonicalText: String {
        var text = "\(name.debugDescription):\(kind.canonicalText)|\(transform.rawValue)|w=\(weight)"
        if let clip { text += "|clip=\(clip.lowerBound)..\(clip.upperBound)" }
        return text
    }
}

extension FeatureDefinition.Kind {
    var canonicalText: String {
        switch self {
        case .count(let filter, let halfLife):
            "count(\(filter.canonicalText))h=\(halfLife)"
        case .sum(let field, let filter, let minus, let halfLife):
            "sum(\(field.debugDescription),\(filter.canonicalText),"
                + "-\(minus.sorted().debugDescription))h=\(halfLife)"
        case .mean(let field, let filter, let halfLife):
            "mean(\(field.debugDescription),\(filter.canonicalText))h=\(halfLife)"
        case .ratio(let numerator, let denominator, let halfLife, let prior, let priorWeight):
            "ratio(\(numerator.canonicalText)/\(denominator.canonicalText))h=\(halfLife)"
                + "p=\(prior.canonicalText)*\(priorWeight)"
        case .share(let part, let whole, let halfLife, let prior, let priorWeight):
            "share(\(part.canonicalText)/\(whole.canonicalText))h=\(halfLife)"
                + "p=\(prior.canonicalText)*\(priorWeight)"
        case .since(let filter, let cap):
            "since(\(filter.canonicalText))cap=\(cap)"
        case .gap(let filter, let halfLife):
            "gap(\(filter.canonicalText))h=\(halfLife)"
        case .trend(let filter, let short, let long):
            "trend(\(filter.canonicalText))s=\(short)l=\(long)"
        case .distinct(let field, let filter):
            "distinct(\(field.debugDescription),\(filter.canonicalText))"
        case .last(let field, let filter):
            "last(\(field.debugDescription),\(filter.canonicalText))"
        }
    }
}

extension FeatureDefinition.Prior {
    fileprivate var canonicalText: String {
        switch self {
        case .value(let value): "\(value)"
        case .population: "population"
        }
    }
}

extension FeatureFilter {
    /// The conditions in order of their paths, so that the order of writing does not matter.
    var canonicalText: String {
        conditions.map { condition in
            let constants = condition.anyOf.map(\.canonicalText).sorted().joined(separator: ",")
            return "\(condition.path.debugDescription)=[\(constants)]"
        }.sorted().joined(separator: "&")
    }
}

extension FieldConstant {
    var canonicalText: String {
        switch self {
        case .text(let value): value.debugDescription
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)r"
        case .boolean(let value): "\(value)"
        }
    }
}
