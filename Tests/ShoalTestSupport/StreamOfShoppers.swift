package import ShoalCore

/// Seeded vectors of a few well-parted groups, and summaries of them as a lane would send.
package struct StreamOfShoppers {
    /// Centres of the groups, `[groups][d]`; σ is 1 in every feature.
    package let centres: [[Double]]
    package var generator: SeededGenerator

    package init(centres: [[Double]], seed: UInt64) {
        self.centres = centres
        generator = SeededGenerator(seed: seed)
    }

    /// One vector of a group drawn evenly, with the group.
    package mutating func vector() -> (group: Int, values: [Float]) {
        let group = generator.nextIndex(below: centres.count)
        return (group, centres[group].map { Float($0 + noise()) })
    }

    /// A standard normal number, near enough: the sum of twelve even ones (Irwin–Hall).
    package mutating func noise() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += generator.nextUnit() }
        return sum
    }

    /// A lane's summary of `count` vectors, assigned to the nearest centroids of `model`.
    package mutating func summary(
        count: Int, model: SegmentModel?, planHash: UInt64 = 7, time: Int64, sampleMax: Int = .max
    ) -> BatchSummary {
        Self.summary(
            of: (0..<count).map { _ in vector().values }, model: model, planHash: planHash, time: time,
            sampleMax: sampleMax)
    }

    /// A lane's summary of given vectors, the slow and obvious way.
    package static func summary(
        of vectors: [[Float]], model: SegmentModel?, planHash: UInt64 = 7, time: Int64, sampleMax: Int = .max
    ) -> BatchSummary {
        let d = vectors[0].count
        var summary = BatchSummary(planHash: planHash, partition: 0, featureCount: d, model: model)
        summary.streamTimeMilliseconds = time
        summary.count = vectors.count
        summary.acceptedEvents = vectors.count
        for axis in 0..<d {
            let values = vectors.map { Double($0[axis]) }
            let mean = values.reduce(0, +) / Double(values.count)
            summary.means[axis] = mean
            summary.squaredDeviations[axis] = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        if let model {
            for vector in vectors {
                let (segment, distance) = nearest(vector, in: model)
                summary.segmentCounts[segment] += 1
                summary.segmentSquaredDistances[segment] += distance
                for axis in 0..<d { summary.segmentSums[segment * d + axis] += Double(vector[axis]) }
            }
        }
        summary.sample = vectors.prefix(sampleMax).flatMap { $0 }
        // As if each vector were of a customer with one event.
        summary.inflowCounts = summary.means.map { _ in vectors.count }
        summary.inflowMeans = summary.means
        summary.inflowSquaredDeviations = summary.squaredDeviations
        summary.inflowSample = summary.sample
        return summary
    }

    /// The segment with the least Σ w·((x − c)/σ)², and that distance.
    package static func nearest(_ vector: [Float], in model: SegmentModel) -> (segment: Int, distance: Double)
    {
        let d = vector.count
        var best = (segment: 0, distance: Double.infinity)
        for segment in 0..<model.segmentCount {
            var distance = 0.0
            for axis in 0..<d where model.scales[axis] >= 1e-6 {
                let difference =
                    (Double(vector[axis]) - model.centroids[segment * d + axis]) / model.scales[axis]
                distance += model.weights[axis] * difference * difference
            }
            if distance < best.distance { best = (segment, distance) }
        }
        return best
    }

    /// Features without meaning, `f0` and so on.
    package static func features(_ count: Int) -> [FeatureDefinition] {
        (0..<count).map { FeatureDefinition(name: "f\($0)", kind: .last(of: "f\($0)", .all)) }
    }
}
