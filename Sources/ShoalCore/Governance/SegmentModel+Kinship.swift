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
    /// A kin's identities fit already. Otherwise, without pairs that are known to be one, two segments are
    /// one if each is the other's nearest and they are not further apart than half the way to the other
    /// model's next segment; the rest get identities that nobody had before. Names that people gave to the
    /// other's segments are kept, and so is their lineage, which goes on with those that are new or gone.
    ///
    /// - Parameters:
    ///   - other: of the same plan; distances are in its scales.
    ///   - pairs: the other's identity of each of these identities that is known to be the same group; the
    ///     rest are new. `nil` finds pairs by distance.
    /// - Returns: a model that may follow the other.
    /// - Precondition: The plans agree.
    package func adoptingIdentities(of other: SegmentModel, pairs: [Int: Int]? = nil) -> SegmentModel {
        precondition(planHash == other.planHash && featureCount == other.featureCount, "The plans agree.")
        var adopted = self
        adopted.nextSegmentID = max(nextSegmentID, other.nextSegmentID)
        guard !isKin(of: other) else { return adopted }
        adopted.origin = other.origin
        adopted.nextSegmentID = other.nextSegmentID
        let pairs = pairs ?? nearestPairs(with: other)
        adopted.lineage = other.lineage
        func tell(_ kind: SegmentLineage.Kind, _ id: Int) {
            adopted.lineage.append(
                SegmentLineage(
                    kind: kind, segment: id, generation: max(generation, other.generation) + 1,
                    atMilliseconds: max(trainedAtMilliseconds, other.trainedAtMilliseconds)))
        }
        for index in segments.indices {
            guard let id = pairs[segments[index].id],
                let former = other.segments.first(where: { $0.id == id })
            else {
                adopted.segments[index].id = adopted.nextSegmentID
                tell(.born, adopted.nextSegmentID)
                adopted.nextSegmentID += 1
                continue
            }
            adopted.segments[index].id = id
            if former.isRenamed, !segments[index].isRenamed {
                adopted.segments[index].name = former.name
                adopted.segments[index].isRenamed = true
            }
        }
        let kept = Set(adopted.segments.map(\.id))
        for gone in other.segments where !kept.contains(gone.id) { tell(.retired, gone.id) }
        return adopted
    }

    /// The other's identity of each of these that is its nearest, near enough and nobody else's.
    private func nearestPairs(with other: SegmentModel) -> [Int: Int] {
        let factors = other.distanceFactors
        var pairs: [Int: Int] = [:]
        for index in segments.indices {
            let nearest = other.nearestSegment(toRow: index, of: centroids, factors: factors)
            let isMutual = segments.indices.allSatisfy { rival in
                let distance = other.squaredDistance(
                    fromRow: rival, of: centroids, toSegment: nearest.index, factors: factors)
                return rival == index || distance > nearest.squaredDistance
                    || (distance == nearest.squaredDistance && rival > index)
            }
            // A quarter of d² is half the way.
            let reach = other.isolation(of: nearest.index, factors: factors) / 4
            guard isMutual, nearest.squaredDistance <= reach else { continue }
            pairs[segments[index].id] = other.segments[nearest.index].id
        }
        return pairs
    }

    /// d² from a segment to the nearest other one; infinite if there is none.
    private func isolation(of segment: Int, factors: [Double]) -> Double {
        segments.indices.filter { $0 != segment }
            .map { squaredDistance(fromRow: segment, of: centroids, toSegment: $0, factors: factors) }
            .min() ?? .infinity
    }
}
