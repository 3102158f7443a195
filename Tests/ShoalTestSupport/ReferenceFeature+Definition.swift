package import ShoalCore

extension ReferenceFeature {
    /// The same feature as a configuration declares it.
    package init(_ definition: FeatureDefinition) {
        let transform: Transform =
            switch definition.transform {
            case .none: .none
            case .log1p: .log1p
            case .sqrt: .sqrt
            case .asinh: .asinh
            }
        self.init(definition.name, Kind(definition.kind), transform: transform, clip: definition.clip)
    }
}

extension ReferenceFeature.Kind {
    fileprivate init(_ kind: FeatureDefinition.Kind) {
        switch kind {
        case .count(let filter, let halfLife): self = .count(ReferenceFilter(filter), halfLife: halfLife)
        case .sum(let field, let filter, let minus, let halfLife):
            self = .sum(of: field, ReferenceFilter(filter), minus: minus, halfLife: halfLife)
        case .mean(let field, let filter, let halfLife):
            self = .mean(of: field, ReferenceFilter(filter), halfLife: halfLife)
        case .ratio(let part, let whole, let halfLife, let prior, let weight):
            self = .ratio(
                of: ReferenceFilter(part), to: ReferenceFilter(whole), prior: .init(prior),
                priorWeight: weight,
                halfLife: halfLife)
        case .share(let part, let whole, let halfLife, let prior, let weight):
            self = .share(
                of: ReferenceFilter(part), among: ReferenceFilter(whole), prior: .init(prior),
                priorWeight: weight,
                halfLife: halfLife)
        case .since(let filter, let cap): self = .since(ReferenceFilter(filter), cap: cap)
        case .gap(let filter, let halfLife): self = .gap(ReferenceFilter(filter), halfLife: halfLife)
        case .trend(let filter, let short, let long):
            self = .trend(of: ReferenceFilter(filter), short: short, long: long)
        case .distinct(let field, let filter): self = .distinct(of: field, ReferenceFilter(filter))
        case .last(let field, let filter): self = .last(of: field, ReferenceFilter(filter))
        }
    }
}

extension ReferenceFeature.Prior {
    fileprivate init(_ prior: FeatureDefinition.Prior) {
        switch prior {
        case .value(let value): self = .value(value)
        case .population: self = .population
        }
    }
}

extension ReferenceFilter {
    fileprivate init(_ filter: FeatureFilter) {
        self.init(
            filter.conditions.map { condition in
                (field: condition.path, values: condition.anyOf.map(ReferenceValue.init(constant:)))
            })
    }
}

extension ReferenceValue {
    fileprivate init(constant: FieldConstant) {
        switch constant {
        case .text(let text): self = .text(Array(text.utf8))
        case .integer(let number): self = .number(Double(number))
        case .real(let number): self = .number(number)
        case .boolean(let flag): self = .flag(flag)
        }
    }
}
