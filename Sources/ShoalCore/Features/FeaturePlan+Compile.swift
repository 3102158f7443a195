extension FeaturePlan {
    /// Compiles definitions that a configuration has checked.
    ///
    /// - Parameters:
    ///   - definitions: in the order of the vector.
    ///   - keepsLastChange: rows remember when the segment last changed; needed for a least dwell.
    /// - Throws: `FeaturePlanError` for an empty list, a name used twice or more filters than a mask holds.
    package init(
        _ definitions: [FeatureDefinition], keepsLastChange: Bool = false
    ) throws(FeaturePlanError) {
        if definitions.isEmpty { throw .noFeatures }
        var names: Set<String> = []
        for definition in definitions where !names.insert(definition.name).inserted {
            throw .duplicateName(definition.name)
        }
        var compiler = FeatureCompiler()
        for definition in definitions { compiler.add(definition.kind) }
        if compiler.predicates.count > PredicateMask.bitsMax {
            throw .tooManyFilters(count: compiler.predicates.count, max: PredicateMask.bitsMax)
        }
        let slots = compiler.slotsInFadingOrder()
        self.definitions = definitions
        schema = compiler.schema
        var hash = StableHash()
        for definition in definitions { hash.combine((definition.canonicalText + "\n").utf8) }
        self.hash = hash.value
        layout = ProfileLayout(
            timeCount: compiler.timeCount, sketchCount: compiler.sketches.count,
            accumulatorCount: slots.order.count, keepsLastChange: keepsLastChange)
        fadingRuns = FrozenArray(slots.runs)
        runOfSlot = FrozenArray(slots.runOfSlot)
        let moved = slots.position
        let contributions = compiler.contributions.map { contribution in
            var contribution = contribution
            contribution.slot = moved[contribution.slot]
            return contribution
        }
        self.contributions = FrozenArray(
            contributions.sorted { ($0.predicate, $0.slot) < ($1.predicate, $1.slot) })
        gaps = FrozenArray(
            compiler.gaps.map { gap in
                Gap(predicate: gap.predicate, time: gap.time, sum: moved[gap.sum], count: moved[gap.count])
            })
        newestTimes = FrozenArray(compiler.newestTimes)
        sketches = FrozenArray(compiler.sketches)
        lasts = FrozenArray(
            compiler.lasts.map { last in
                Last(predicate: last.predicate, field: last.field, time: last.time, slot: moved[last.slot])
            })
        recipes = FrozenArray(compiler.recipes.map { $0.moved(moved) })
        finishes = FrozenArray(
            definitions.map { definition in
                Finish(
                    transform: definition.transform, lowest: definition.clip?.lowerBound ?? -.infinity,
                    highest: definition.clip?.upperBound ?? .infinity)
            })
        populationFeatures = FrozenArray(definitions.indices.filter { definitions[$0].kind.usesPopulation })
        matcher = PredicateMatcher(predicates: compiler.predicates, schema: compiler.schema)
    }
}

extension FeaturePlan.Recipe {
    fileprivate func moved(_ position: [Int]) -> Self {
        switch self {
        case .value(let slot): .value(position[slot])
        case .mean(let sum, let count): .mean(sum: position[sum], count: position[count])
        case .ratio(let numerator, let denominator, let prior, let weight):
            .ratio(position[numerator], position[denominator], prior: prior, weight: weight)
        case .trend(let short, let long, let shortHours, let longHours):
            .trend(
                short: position[short], long: position[long], shortHours: shortHours, longHours: longHours)
        case .last(let slot): .last(slot: position[slot])
        case .since, .distinct: self
        }
    }
}

extension FeatureDefinition.Kind {
    /// Whether evidence is blended with the population's ratio.
    package var usesPopulation: Bool {
        switch self {
        case .ratio(_, _, _, .population, _), .share(_, _, _, .population, _): true
        default: false
        }
    }
}
