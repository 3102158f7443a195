/// Collects what a list of features needs of a row, each thing once.
struct FeatureCompiler {
    private struct Accumulator: Hashable {
        /// `nil`: fed by a gap or a `last`, so never shared.
        var inputs: [Input]?
        var halfLife: Int64
        var unique: Int
    }

    private struct Input: Hashable {
        var predicate: Int
        var source: FeaturePlan.Source
        var field: Int
    }

    private(set) var schema = EventSchema()
    private(set) var predicates: [Predicate] = []
    private(set) var contributions: [FeaturePlan.Contribution] = []
    private(set) var gaps: [FeaturePlan.Gap] = []
    private(set) var newestTimes: [FeaturePlan.NewestTime] = []
    private(set) var sketches: [FeaturePlan.Sketch] = []
    private(set) var lasts: [FeaturePlan.Last] = []
    private(set) var recipes: [FeaturePlan.Recipe] = []
    private(set) var timeCount = 0
    private var accumulators: [Accumulator] = []

    mutating func add(_ kind: FeatureDefinition.Kind) {
        recipes.append(recipe(kind))
    }

    private mutating func recipe(_ kind: FeatureDefinition.Kind) -> FeaturePlan.Recipe {
        switch kind {
        case .count(let filter, let halfLife):
            return .value(counter(Predicate(filter), halfLife))
        case .sum(let path, let filter, let minus, let halfLife):
            return .value(sum(of: path, filter, minus: minus, halfLife))
        case .mean(let path, let filter, let halfLife):
            let field = schema.index(adding: path)
            let predicate = Predicate(filter)
            let ofItems = path == EventSchema.WellKnown.amount.name && predicate.concernsItems
            let bit = index(of: predicate)
            return .mean(
                sum: accumulator(
                    [Input(predicate: bit, source: ofItems ? .itemAmount : .number, field: field)], halfLife),
                count: accumulator(
                    [Input(predicate: bit, source: ofItems ? .itemPresence : .presence, field: field)],
                    halfLife))
        case .ratio(let numerator, let denominator, let halfLife, let prior, let weight):
            return .ratio(
                counter(Predicate(numerator), halfLife), counter(Predicate(denominator), halfLife),
                prior: prior, weight: weight)
        case .share(let part, let whole, let halfLife, let prior, let weight):
            return .ratio(
                counter(Predicate(part, and: whole), halfLife), counter(Predicate(whole), halfLife),
                prior: prior, weight: weight)
        case .since(let filter, let cap):
            return .since(time: newestTime(of: index(of: Predicate(filter))), capMilliseconds: cap)
        case .gap(let filter, let halfLife):
            let bit = index(of: Predicate(filter))
            let gap = FeaturePlan.Gap(
                predicate: bit, time: newestTime(of: bit), sum: accumulator(nil, halfLife),
                count: accumulator(nil, halfLife))
            gaps.append(gap)
            return .mean(sum: gap.sum, count: gap.count)
        case .trend(let filter, let short, let long):
            return .trend(
                short: counter(Predicate(filter), short), long: counter(Predicate(filter), long),
                shortHours: Double(short) / 3_600_000, longHours: Double(long) / 3_600_000)
        case .distinct(let path, let filter):
            let sketch = FeaturePlan.Sketch(
                predicate: index(of: Predicate(filter)),
                field: schema.index(adding: path, comparedOnly: true), sketch: sketches.count)
            sketches.append(sketch)
            return .distinct(sketch: sketch.sketch)
        case .last(let path, let filter):
            let last = FeaturePlan.Last(
                predicate: index(of: Predicate(filter)), field: schema.index(adding: path), time: addTime(),
                slot: accumulator(nil, .max))
            lasts.append(last)
            return .last(slot: last.slot)
        }
    }

    private mutating func sum(
        of path: String, _ filter: FeatureFilter, minus: [String], _ halfLife: Int64
    ) -> Int {
        let field = schema.index(adding: path)
        let added = Predicate(filter, excludedTypes: minus)
        let ofItems = path == EventSchema.WellKnown.amount.name && added.concernsItems
        var inputs = [
            Input(predicate: index(of: added), source: ofItems ? .itemAmount : .number, field: field)
        ]
        if !minus.isEmpty {
            let taken = index(of: Predicate(filter, forTypes: minus))
            let source: FeaturePlan.Source = ofItems ? .negativeItemMagnitude : .negativeMagnitude
            inputs.append(Input(predicate: taken, source: source, field: field))
        }
        return accumulator(inputs, halfLife)
    }

    private mutating func counter(_ predicate: Predicate, _ halfLife: Int64) -> Int {
        accumulator([Input(predicate: index(of: predicate), source: .one, field: 0)], halfLife)
    }

    private mutating func accumulator(_ inputs: [Input]?, _ halfLife: Int64) -> Int {
        let wanted = Accumulator(
            inputs: inputs, halfLife: halfLife, unique: inputs == nil ? accumulators.count : -1)
        if let slot = accumulators.firstIndex(of: wanted) { return slot }
        accumulators.append(wanted)
        let slot = accumulators.count - 1
        for input in inputs ?? [] {
            contributions.append(
                FeaturePlan.Contribution(
                    predicate: input.predicate, source: input.source, field: input.field, slot: slot))
        }
        return slot
    }

    private mutating func index(of predicate: Predicate) -> Int {
        for path in predicate.paths.sorted() { _ = schema.index(adding: path, comparedOnly: true) }
        if let index = predicates.firstIndex(of: predicate) { return index }
        predicates.append(predicate)
        return predicates.count - 1
    }

    private mutating func newestTime(of predicate: Int) -> Int {
        if let known = newestTimes.first(where: { $0.predicate == predicate }) { return known.time }
        let time = addTime()
        newestTimes.append(FeaturePlan.NewestTime(predicate: predicate, time: time))
        return time
    }

    private mutating func addTime() -> Int {
        timeCount += 1
        return timeCount - 1
    }

    /// Sorts accumulators so that those with one half-life lie together.
    ///
    /// - Returns: the old slots in their new order, the new position of each old slot, the runs (those that
    ///   never fade are in none) and the run of each new slot, −1 for none.
    func slotsInFadingOrder() -> (
        order: [Int], position: [Int], runs: [FeaturePlan.FadingRun], runOfSlot: [Int]
    ) {
        let order = accumulators.indices.sorted {
            (accumulators[$0].halfLife, $0) < (accumulators[$1].halfLife, $1)
        }
        var position = Array(repeating: 0, count: order.count)
        for (new, old) in order.enumerated() { position[old] = new }
        var runs: [FeaturePlan.FadingRun] = []
        var runOfSlot = Array(repeating: -1, count: order.count)
        var start = 0
        while start < order.count {
            let halfLife = accumulators[order[start]].halfLife
            var end = start
            while end < order.count, accumulators[order[end]].halfLife == halfLife { end += 1 }
            if halfLife != .max {
                for slot in start..<end { runOfSlot[slot] = runs.count }
                runs.append(FeaturePlan.FadingRun(firstSlot: start, endSlot: end, rate: 1 / Double(halfLife)))
            }
            start = end
        }
        return (order, position, runs, runOfSlot)
    }
}
