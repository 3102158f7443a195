/// Why a customer is in the segment they are in, from what their shard reported and the model it decides by.
package struct CustomerExplanation: Equatable, Sendable {
    /// One feature of the customer, beside their segment and everybody.
    package struct Trait: Equatable, Sendable {
        package var feature: String
        package var unit: Persona.Unit
        /// Before `transform` and `clip`, in the feature's own unit.
        package var raw: Double
        /// After them.
        package var value: Double
        /// The centroid of the customer's segment, after transform; `nil` without a segment.
        package var typical: Double?
        /// The population's mean, after transform; `nil` before the first model.
        package var population: Double?
        /// Both in the feature's own unit.
        package var typicalRaw: Double?
        package var populationRaw: Double?
        package var weight: Double
    }

    package struct Distance: Equatable, Sendable {
        package var id: String
        package var name: String
        /// √d² to the centroid.
        package var distance: Double
    }

    /// A feature that speaks for the customer's segment.
    package struct Reason: Equatable, Sendable {
        package var feature: String
        /// All after transform: the customer's, the segment's, and the alternative's.
        package var value: Double
        package var typical: Double
        package var wasTypical: Double
        /// Share of the terms of d²(x, alternative) − d²(x, segment) that are positive.
        package var contribution: Double
    }

    package var traits: [Trait]
    /// Nearest first; empty before the first model.
    package var distances: [Distance]
    /// 1 − d₁/d₂ of the nearest and the next, as changes have it; 1 without a second; `nil` without a model.
    package var confidence: Double?
    /// Whether d² to the customer's segment exceeds its 99.5 % quantile.
    package var isOutlier: Bool
    /// At most 5, most first: why this segment rather than the nearest other.
    package var reasons: [Reason]

    package static let reasonsMax = 5

    /// - Parameters:
    ///   - report: the shard's.
    ///   - plan: the one that the shard computes features by.
    package init(_ report: CustomerReport, plan: FeaturePlan) {
        let profile = report.profile
        let model = report.model
        let segment = model?.segments.firstIndex { $0.id == profile.segmentID }
        let d = plan.featureCount
        traits = plan.definitions.indices.map { axis in
            let definition = plan.definitions[axis]
            let typical = segment.flatMap { index in model.map { $0.centroids[index * d + axis] } }
            let population = model?.means[axis]
            return Trait(
                feature: definition.name, unit: Persona.unit(of: definition.kind),
                raw: profile.raw[axis], value: Double(profile.features[axis]), typical: typical,
                population: population, typicalRaw: typical.map(definition.untransformed),
                populationRaw: population.map(definition.untransformed), weight: definition.weight)
        }
        (distances, confidence, isOutlier, reasons) = ([], nil, false, [])
        guard let model else { return }
        let factors = model.distanceFactors
        let squared = model.segments.indices.map {
            model.squaredDistance(fromRow: 0, of: profile.features, toSegment: $0, factors: factors)
        }
        let order = squared.indices.sorted {
            squared[$0] != squared[$1] ? squared[$0] < squared[$1] : $0 < $1
        }
        distances = order.map { index in
            Distance(
                id: model.segments[index].label, name: model.segments[index].name,
                distance: squared[index].squareRoot())
        }
        if order.count > 1 {
            let (first, second) = (squared[order[0]], squared[order[1]])
            confidence = second > 0 ? 1 - (first / second).squareRoot() : 0
        } else {
            confidence = order.isEmpty ? nil : 1
        }
        guard let segment else { return }
        isOutlier = squared[segment] > model.segments[segment].outlierSquaredDistance
        guard let other = order.first(where: { $0 != segment }) else { return }
        reasons = Self.reasons(profile.features, for: segment, ratherThan: other, in: model, factors)
    }

    private static func reasons(
        _ vector: [Float], for segment: Int, ratherThan other: Int, in model: SegmentModel,
        _ factors: [Double]
    ) -> [Reason] {
        let d = model.featureCount
        let gains = (0..<d).map { axis in
            let after = Double(vector[axis]) - model.centroids[segment * d + axis]
            let before = Double(vector[axis]) - model.centroids[other * d + axis]
            return factors[axis] * (before * before - after * after)
        }
        let total = gains.reduce(0) { $0 + max(0, $1) }
        guard total > 0 else { return [] }
        let order = gains.indices.sorted { gains[$0] != gains[$1] ? gains[$0] > gains[$1] : $0 < $1 }
        return order.prefix(reasonsMax).filter { gains[$0] > 0 }.map { axis in
            Reason(
                feature: model.featureNames[axis], value: Double(vector[axis]),
                typical: model.centroids[segment * d + axis],
                wasTypical: model.centroids[other * d + axis], contribution: gains[axis] / total)
        }
    }
}
