extension Persona {
    /// One persona per segment, in the model's order.
    package static func personas(of model: SegmentModel) -> [Persona] {
        model.segments.indices.map { Persona(of: $0, in: model) }
    }

    private init(of index: Int, in model: SegmentModel) {
        let segment = model.segments[index]
        id = segment.label
        name = segment.name
        isRenamed = segment.isRenamed
        share = segment.share
        size = model.masses[index]
        let traits = (0..<model.featureCount).map { Self.trait(axis: $0, ofSegment: index, in: model) }
        typical = traits
        // As in names: what a feature contributes to distances is effect² · weight.
        func score(_ axis: Int) -> Double { traits[axis].effect * traits[axis].effect * traits[axis].weight }
        distinctive =
            traits.indices
            .filter { abs(traits[$0].effect) >= SegmentNaming.tellingEffectMin && score($0) > 0 }
            .sorted { score($0) != score($1) ? score($0) > score($1) : $0 < $1 }
            .prefix(Self.distinctiveMax).map { traits[$0] }
        channel = Self.preference(for: "channel", traits, model.definitions)
        category = Self.preference(for: "category", traits, model.definitions)
        orderValue = Self.orderValueAxis(model.definitions).map { traits[$0] }
        example = Self.example(of: index, in: model, traits: traits)
    }

    /// The reasons of a member at the centroid who comes from the nearest other segment, as a change has
    /// them.
    private static func example(of index: Int, in model: SegmentModel, traits: [Trait]) -> Example? {
        let factors = model.distanceFactors
        let distances = model.segments.indices.map { other in
            other == index
                ? Double.infinity
                : model.squaredDistance(
                    fromRow: index, of: model.centroids, toSegment: other, factors: factors)
        }
        guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }),
            distances[nearest].isFinite, distances[nearest] > 0
        else { return nil }
        let d = model.featureCount
        let gains = (0..<d).map { axis in
            let difference = model.centroids[index * d + axis] - model.centroids[nearest * d + axis]
            return factors[axis] * difference * difference / distances[nearest]
        }
        let order = gains.indices.sorted { gains[$0] != gains[$1] ? gains[$0] > gains[$1] : $0 < $1 }
        let reasons = order.prefix(reasonsMax).filter { gains[$0] > 0 }.map { axis in
            Example.Reason(
                feature: traits[axis].feature, unit: traits[axis].unit, value: traits[axis].typical,
                wasTypical: trait(axis: axis, ofSegment: nearest, in: model).typical,
                contribution: gains[axis])
        }
        return Example(from: model.segments[nearest].label, reasons: reasons)
    }

    private static func trait(axis: Int, ofSegment index: Int, in model: SegmentModel) -> Trait {
        let centre = model.centroids[index * model.featureCount + axis]
        let mean = model.means[axis]
        let scale = model.scales[axis]
        let effect = scale < SegmentModel.constantScale ? 0 : (centre - mean) / scale
        var trait = Trait(
            feature: model.featureNames[axis], word: nil, unit: .transformed, typical: centre,
            population: mean, effect: effect, weight: model.weights[axis])
        guard axis < model.definitions.count else { return trait }
        let definition = model.definitions[axis]
        trait.unit = unit(of: definition.kind)
        trait.typical = definition.untransformed(centre)
        trait.population = definition.untransformed(mean)
        if abs(effect) >= SegmentNaming.tellingEffectMin {
            trait.word = FeatureWords.word(for: definition, isHigh: effect > 0, typical: centre)
        }
        return trait
    }

    /// What the numbers of such a feature mean.
    package static func unit(of kind: FeatureDefinition.Kind) -> Unit {
        switch kind {
        case .since, .gap: .hours
        case .share: .share
        case .ratio: .perOne
        case .trend: .doublings
        case .count, .sum, .mean, .distinct, .last: .number
        }
    }

    // MARK: Preferences

    /// A share feature that is about nothing but one field.
    private struct Choice {
        let values: [String]
        let among: FeatureFilter
        let trait: Trait
    }

    /// The value of a field with the largest share, or the rest if that is larger.
    private static func preference(
        for path: String, _ traits: [Trait], _ definitions: [FeatureDefinition]
    ) -> Preference? {
        let all = zip(definitions, traits).compactMap { choice($0, $1, path: path) }
        // Shares of different wholes do not compare: those of the whole that most features are about.
        let wholes = all.map { choice in all.count { $0.among == choice.among } }
        guard let most = wholes.max(), let first = wholes.firstIndex(of: most) else { return nil }
        let choices = all.filter { $0.among == all[first].among }
        guard var best = choices.first else { return nil }
        for choice in choices where choice.trait.typical > best.trait.typical { best = choice }
        let values = choices.flatMap(\.values)
        let rest = 1 - choices.reduce(0) { $0 + $1.trait.typical }
        // A rest exists only if no event is counted twice.
        if Set(values).count == values.count, rest > best.trait.typical {
            let population = 1 - choices.reduce(0) { $0 + $1.trait.population }
            return Preference(values: values, isRest: true, share: rest, population: max(0, population))
        }
        return Preference(
            values: best.values, isRest: false, share: best.trait.typical,
            population: best.trait.population)
    }

    private static func choice(_ definition: FeatureDefinition, _ trait: Trait, path: String) -> Choice? {
        guard case .share(let part, let among, _, _, _) = definition.kind, part.conditions.count == 1,
            let condition = part.conditions.first, condition.path == path
        else { return nil }
        let values = condition.anyOf.compactMap { constant in
            if case .text(let text) = constant { text } else { nil }
        }
        guard values.count == condition.anyOf.count, !values.isEmpty else { return nil }
        return Choice(values: values, among: among, trait: trait)
    }

    /// The mean amount of purchases, or of all events if that is what the plan has.
    private static func orderValueAxis(_ definitions: [FeatureDefinition]) -> Int? {
        func axis(_ isWanted: (FeatureFilter) -> Bool) -> Int? {
            definitions.firstIndex { definition in
                if case .mean(of: "amount", let filter, _) = definition.kind {
                    isWanted(filter)
                } else {
                    false
                }
            }
        }
        let purchases = FeatureFilter([
            FeatureFilter.Condition(path: "type", anyOf: [.text("purchase")])
        ])
        return axis { $0 == purchases } ?? axis { $0.conditions.isEmpty }
    }
}
