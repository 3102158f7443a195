/// The features of a configuration, compiled once into straight loops over a profile's row.
///
/// Filters become bits of one mask per event; accumulators that several features share are kept once; no
/// reflection, dictionary or allocation remains on the per-event path. A class, because a value of this
/// size would be copied for every call.
package final class FeaturePlan: Sendable {
    /// What an event adds to an accumulator when its predicate holds.
    enum Source: UInt8, Sendable {
        case one
        /// The field's number, 0 where it has none.
        case number
        /// 1 where the field has a number.
        case presence
        /// −|number|: what `minus` types take away.
        case negativeMagnitude
        /// The amount, of the matching items alone where items match.
        case itemAmount, itemPresence, negativeItemMagnitude
    }

    /// `row.accumulators[slot] += source(field)`.
    struct Contribution: Sendable {
        var predicate: Int
        var source: Source
        var field: Int
        var slot: Int
    }

    /// Consecutive accumulators that fade together.
    struct FadingRun: Sendable {
        var firstSlot: Int
        var endSlot: Int
        /// 1/h in 1/ms.
        var rate: Double
    }

    /// Hours between consecutive matching events: two accumulators and the time of the last.
    struct Gap: Sendable {
        var predicate: Int
        var time: Int
        var sum: Int
        var count: Int
    }

    /// The newest matching time, for `since` and `gap`.
    struct NewestTime: Sendable {
        var predicate: Int
        var time: Int
    }

    struct Sketch: Sendable {
        var predicate: Int
        var field: Int
        var sketch: Int
    }

    struct Last: Sendable {
        var predicate: Int
        var field: Int
        var time: Int
        var slot: Int
    }

    /// How a feature's raw value comes out of the row; `a` and `b` are accumulators unless said otherwise.
    enum Recipe: Sendable {
        case value(Int)
        case mean(sum: Int, count: Int)
        case ratio(Int, Int, prior: FeatureDefinition.Prior, weight: Double)
        case since(time: Int, capMilliseconds: Int64)
        case trend(short: Int, long: Int, shortHours: Double, longHours: Double)
        case distinct(sketch: Int)
        case last(slot: Int)
    }

    /// What happens to a raw value before clustering.
    struct Finish: Sendable {
        var transform: FeatureDefinition.Transform
        /// Without a clip, the infinities.
        var lowest: Double
        var highest: Double
    }

    package let definitions: [FeatureDefinition]
    package let schema: EventSchema
    /// Equal plans have equal hashes; stored with models and snapshots.
    package let hash: UInt64
    package let layout: ProfileLayout

    /// Indices in the schema of what `absorb` looks at, and of the type, ascending; it does the same with an
    /// event that has nothing else.
    let fieldsRead: FrozenArray<Int>
    let matcher: PredicateMatcher
    let contributions: FrozenArray<Contribution>
    let fadingRuns: FrozenArray<FadingRun>
    /// The run of each accumulator.
    let runOfSlot: FrozenArray<Int>
    let gaps: FrozenArray<Gap>
    let newestTimes: FrozenArray<NewestTime>
    let sketches: FrozenArray<Sketch>
    let lasts: FrozenArray<Last>
    let recipes: FrozenArray<Recipe>
    let finishes: FrozenArray<Finish>
    /// Features with `prior: population`.
    let populationFeatures: FrozenArray<Int>

    package var featureCount: Int { definitions.count }

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
        recipes = FrozenArray(compiler.recipes.map { Self.moved($0, to: moved) })
        finishes = FrozenArray(
            definitions.map { definition in
                Finish(
                    transform: definition.transform, lowest: definition.clip?.lowerBound ?? -.infinity,
                    highest: definition.clip?.upperBound ?? .infinity)
            })
        populationFeatures = FrozenArray(definitions.indices.filter { definitions[$0].kind.usesPopulation })
        matcher = PredicateMatcher(predicates: compiler.predicates, schema: compiler.schema)
        var fieldsRead: Set = [EventSchema.WellKnown.type.rawValue]
        for index in matcher.fields.indices { fieldsRead.insert(matcher.fields[index].field) }
        for contribution in compiler.contributions where contribution.source != .one {
            fieldsRead.insert(contribution.field)
        }
        fieldsRead.formUnion(compiler.sketches.map(\.field))
        fieldsRead.formUnion(compiler.lasts.map(\.field))
        self.fieldsRead = FrozenArray(fieldsRead.sorted())
    }
}
