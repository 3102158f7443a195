/// The feature plan that a snapshot's rows were made with: what lies where, and what it means.
package struct SnapshotPlan: Equatable, Sendable {
    /// What one feature keeps in a row, by number.
    package struct Feature: Equatable, Sendable {
        package var name: String
        /// Of what is kept, not of how it is looked at.
        package var definitionHash: UInt64
        var accumulators: [UInt32]
        var times: [UInt32]
        var sketches: [UInt32]

        /// Bytes of a row that it reads, shared ones included.
        package var keptBytes: Int { 4 * accumulators.count + 8 * times.count + 16 * sketches.count }
    }

    package var hash: UInt64
    package var features: [Feature]
    var layout: ProfileLayout

    init(_ plan: FeaturePlan) {
        hash = plan.hash
        layout = plan.layout
        features = plan.definitions.indices.map { index in
            let definition = plan.definitions[index]
            var hash = StableHash()
            hash.combine(definition.kind.remembered.canonicalText.utf8)
            var feature = Feature(
                name: definition.name, definitionHash: hash.value, accumulators: [], times: [], sketches: [])
            plan.addSlots(of: index, to: &feature)
            return feature
        }
    }

    init(hash: UInt64, features: [Feature], layout: ProfileLayout) {
        self.hash = hash
        self.features = features
        self.layout = layout
    }
}

extension FeatureDefinition.Kind {
    /// The same with defaults for what changes no accumulator: a prior or a cap may be set anew at any time.
    fileprivate var remembered: FeatureDefinition.Kind {
        switch self {
        case .ratio(let numerator, let denominator, let halfLife, _, _):
            .ratio(of: numerator, to: denominator, halfLife: halfLife, prior: .value(0), priorWeight: 1)
        case .share(let part, let whole, let halfLife, _, _):
            .share(of: part, among: whole, halfLife: halfLife, prior: .value(0), priorWeight: 1)
        case .since(let filter, _): .since(filter, cap: 0)
        default: self
        }
    }
}

extension FeaturePlan {
    /// Names what a feature keeps in a row, in an order that its definition alone decides.
    fileprivate func addSlots(of index: Int, to feature: inout SnapshotPlan.Feature) {
        switch recipes[index] {
        case .value(let slot): feature.accumulators = [UInt32(slot)]
        case .mean(let sum, let count): feature.accumulators = [UInt32(sum), UInt32(count)]
        case .ratio(let numerator, let denominator, _, _):
            feature.accumulators = [UInt32(numerator), UInt32(denominator)]
        case .since(let time, _): feature.times = [UInt32(time)]
        case .trend(let short, let long, _, _): feature.accumulators = [UInt32(short), UInt32(long)]
        case .distinct(let sketch): feature.sketches = [UInt32(sketch)]
        case .last(let slot): feature.accumulators = [UInt32(slot)]
        }
        // Gaps and last values also keep a time, which no recipe reads.
        let first = feature.accumulators.first.map(Int.init)
        for gap in gaps.indices where gaps[gap].sum == first { feature.times.append(UInt32(gaps[gap].time)) }
        for last in lasts.indices where lasts[last].slot == first {
            feature.times.append(UInt32(lasts[last].time))
        }
    }
}
