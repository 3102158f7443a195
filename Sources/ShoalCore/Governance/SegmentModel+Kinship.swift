extension SegmentModel {
    /// Tells a model and all that is learned on from it from models seeded elsewhere; never 0.
    ///
    /// A hash of where the segments were first placed: the same data and seed have the same origin.
    func originOfFirst() -> UInt64 {
        var hash = StableHash()
        for number in centroids + means + scales {
            hash.combine((0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> UInt64($0 * 8)) })
        }
        return max(1, hash.value)
    }

    /// Whether the two were seeded once and for all as the same model, so that `s3` is `s3` in both.
    package func isKin(of other: SegmentModel) -> Bool { origin != 0 && origin == other.origin }

    /// The same model with its segments named by the identities of another that are the same groups.
    ///
    /// A kin's identities fit already. Otherwise two segments are one if each is the other's nearest and
    /// they are not further apart than half the way to the other model's next segment; the rest get
    /// identities that nobody had before. Names that people gave to the other's segments are kept.
    ///
    /// - Parameter other: of the same plan; distances are in its scales.
    /// - Returns: a model that may follow the other.
    /// - Precondition: The plans agree.
    package func adoptingIdentities(of other: SegmentModel) -> SegmentModel {
        precondition(planHash == other.planHash && featureCount == other.featureCount, "The plans agree.")
        var adopted = self
        adopted.nextSegmentID = max(nextSegmentID, other.nextSegmentID)
        guard !isKin(of: other) else { return adopted }
        adopted.origin = other.origin
        adopted.nextSegmentID = other.nextSegmentID
        let factors = other.distanceFactors
        let nearestInOther = segments.indices.map {
            other.nearestSegment(toRow: $0, of: centroids, factors: factors).index
        }
        for index in segments.indices {
            let segment = nearestInOther[index]
            func distance(_ row: Int) -> Double {
                other.squaredDistance(fromRow: row, of: centroids, toSegment: segment, factors: factors)
            }
            let isMutual = segments.indices.allSatisfy { other in
                other == index || distance(other) > distance(index)
                    || (distance(other) == distance(index) && other > index)
            }
            guard isMutual, distance(index) <= other.isolation(of: segment, factors: factors) / 4 else {
                adopted.segments[index].id = adopted.nextSegmentID
                adopted.nextSegmentID += 1
                continue
            }
            adopted.segments[index].id = other.segments[segment].id
            if other.segments[segment].isRenamed, !segments[index].isRenamed {
                adopted.segments[index].name = other.segments[segment].name
                adopted.segments[index].isRenamed = true
            }
        }
        return adopted
    }

    /// d² from a segment to the nearest other one; infinite if there is none.
    private func isolation(of segment: Int, factors: [Double]) -> Double {
        segments.indices.filter { $0 != segment }
            .map { squaredDistance(fromRow: segment, of: centroids, toSegment: $0, factors: factors) }
            .min() ?? .infinity
    }
}
