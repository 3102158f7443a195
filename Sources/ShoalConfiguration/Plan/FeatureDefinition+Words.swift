package import ShoalCore

extension FeatureDefinition {
    /// What the feature measures, in a sentence for the one who has to trust it.
    package var words: String {
        var parts = [kind.words]
        switch transform {
        case .none: break
        case .log1p: parts.append("log(1 + x)")
        case .sqrt: parts.append("square root")
        case .asinh: parts.append("asinh(x)")
        }
        if let clip {
            parts.append(
                "clipped to \(NumberText.short(clip.lowerBound))…\(NumberText.short(clip.upperBound))")
        }
        if weight != 1 { parts.append("weight \(NumberText.short(weight))") }
        return parts.joined(separator: "; ")
    }

    /// The half-lives of the accumulators behind the feature, milliseconds.
    package var halfLives: [Int64] {
        switch kind {
        case .count(_, let halfLife), .gap(_, let halfLife): [halfLife]
        case .sum(_, _, _, let halfLife), .mean(_, _, let halfLife): [halfLife]
        case .ratio(_, _, let halfLife, _, _), .share(_, _, let halfLife, _, _): [halfLife]
        case .trend(_, let short, let long): [short, long]
        case .since, .distinct, .last: []
        }
    }
}

extension FeatureDefinition.Kind {
    /// What is computed, without transform and weight.
    fileprivate var words: String {
        switch self {
        case .count(let filter, let halfLife):
            "number of \(filter.words), \(Self.fading(halfLife))"
        case .sum(let field, let filter, let minus, let halfLife):
            "sum of \(field) of \(filter.words)\(Self.subtracted(minus)), \(Self.fading(halfLife))"
        case .mean(let field, let filter, let halfLife):
            "mean \(field) of \(filter.words) that have it, \(Self.fading(halfLife))"
        case .ratio(let counted, let base, let halfLife, let prior, let weight):
            "number of \(counted.words) per one of \(base.words), \(Self.fading(halfLife)), "
                + Self.shrunk(prior, weight)
        case .share(let counted, let among, let halfLife, let prior, let weight):
            "share of \(counted.words) among \(among.words), \(Self.fading(halfLife)), "
                + Self.shrunk(prior, weight)
        case .since(let filter, let cap):
            "hours since the newest of \(filter.words), at most \(Quantity.durationText(cap)), "
                + "which also stands for never"
        case .gap(let filter, let halfLife):
            "mean hours between one and the next of \(filter.words), \(Self.fading(halfLife))"
        case .trend(let filter, let short, let long):
            "log2 of how often \(filter.words) come of late (half-life \(Quantity.durationText(short))) "
                + "against before (\(Quantity.durationText(long)))"
        case .distinct(let field, let filter):
            "number of different \(field) in \(filter.words), estimated, never fading"
        case .last(let field, let filter):
            "newest \(field) of \(filter.words), 0 if never"
        }
    }

    private static func fading(_ halfLife: Int64) -> String { "half-life \(Quantity.durationText(halfLife))" }

    private static func subtracted(_ types: [String]) -> String {
        types.isEmpty ? "" : ", less that of events of type \(types.joined(separator: " or "))"
    }

    private static func shrunk(_ prior: FeatureDefinition.Prior, _ weight: Double) -> String {
        let amount = "as if \(NumberText.short(weight)) more events"
        switch prior {
        case .population: return "\(amount) were like the population's"
        case .value(let value): return "\(amount) had \(NumberText.short(value))"
        }
    }
}

extension FeatureFilter {
    /// `events with type purchase and channel store or kiosk`.
    var words: String {
        guard !conditions.isEmpty else { return "all events" }
        let parts = conditions.map { condition in
            "\(condition.path) \(condition.anyOf.map(\.words).joined(separator: " or "))"
        }
        return "events with \(parts.joined(separator: " and "))"
    }
}

extension FieldConstant {
    /// The constant as a person reads it; text that looks like another constant is quoted.
    var words: String {
        switch self {
        case .text(let text):
            PlainNumber.isNumber(text) || PlainNumber.truth(text) != nil || text.contains(" ")
                ? "\"\(text)\"" : text
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .boolean(let value): "\(value)"
        }
    }
}
