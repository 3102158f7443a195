/// The care of segments: now and then a candidate is learned from the reservoir, and takes over if it is
/// better.
///
/// The first model comes from whoever acted first and most. As evidence grows the segments are reviewed, each
/// time four times as many vectors have been seen, so that reviews get rarer as there is less to learn from
/// them. A segment that has become too small calls for a review at once. A candidate retires, joins, splits
/// and reseeds by being better; `IdentityMatching` tells which of these it did.
extension Trainer {
    static let reviewGrowth = 4.0
    /// Least part of the error that a candidate of as many segments must save: below it the two differ in
    /// detail, and every structural change costs readers of segments something.
    static let gainMin = 0.05
    /// The same for a candidate that puts an all but empty segment to use.
    static let gainOfCareMin = 0.005
    /// Half-lives between two looks at sizes and names.
    private static let careHalfLives = 0.125
    /// Chapters of lineage that are kept.
    private static let lineageMax = 1_024
    /// Seedings tried by a review; the live segments are in the race as well.
    private static let reviewRestarts = 4

    /// Learns a candidate if evidence has grown enough or a segment is too small, and adopts it if it is
    /// better.
    mutating func reviewIfDue() {
        guard let clustering, reservoir.count >= max(1, min(settings.warmup, reservoir.capacity)) else {
            return
        }
        let time = newestTime ?? .min
        let total = clustering.masses.reduce(0, +)
        let isGrown = vectorsSeen >= nextReviewVectors
        let isCareTime = time >= nextCareTime
        if isCareTime {
            let pause = max(1, Int64(Self.careHalfLives * Double(settings.halfLife)))
            nextCareTime = time.addingReportingOverflow(pause).partialValue
            refreshNames()
        }
        let isSmall = isCareTime && clustering.masses.contains { $0 < settings.minShare * total }
        guard isGrown || isSmall else { return }
        if isGrown { nextReviewVectors = max(Self.reviewGrowth * vectorsSeen, Double(settings.warmup)) }
        review(gainMin: isSmall ? Self.gainOfCareMin : Self.gainMin)
    }

    /// Gives new names to segments whose old ones have stopped being true.
    private mutating func refreshNames() {
        guard var next = model, let clustering else { return }
        next.centroids = clustering.centroids
        next.scales = (0..<featureCount).map { moments.scale($0) }
        next.means = moments.means
        for (index, name) in SegmentNaming.names(for: next, features: features).enumerated() {
            model?.segments[index].name = name
        }
    }

    /// Learns a candidate from the reservoir and adopts it if it has a better number of segments, or saves so
    /// much of the error.
    ///
    /// - Returns: whether the segments have changed.
    @discardableResult
    package mutating func review(gainMin: Double) -> Bool {
        guard var next = model, let clustering, reservoir.count > 0 else { return false }
        next.centroids = clustering.centroids
        next.scales = (0..<featureCount).map { moments.scale($0) }
        next.means = moments.means
        let factors = next.distanceFactors
        let seeding = reservoirSeeding(factors: factors)
        let clusterCount =
            switch settings.clusterCount {
            // A person may have promoted a model of more or fewer segments than the configuration asks for.
            case .fixed: next.segmentCount
            case .automatic:
                seeding.chosenClusterCount(
                    max: settings.clusterCountMax, current: next.segmentCount, using: &generator)
            }
        let candidate = seeding.clustersBySample(
            count: clusterCount, restarts: Self.reviewRestarts, using: &generator)
        let vectors = reservoir.vectors
        var liveInertia = 0.0
        let liveMembers = (0..<reservoir.count).map { row in
            let nearest = next.nearestSegment(toRow: row, of: vectors, factors: factors)
            liveInertia += nearest.squaredDistance
            return nearest.index
        }
        let isBetter =
            candidate.count != next.segmentCount || candidate.inertia < (1 - gainMin) * liveInertia
        guard isBetter else { return false }
        replaceSegments(of: &next, by: candidate, liveMembers: liveMembers, factors: factors)
        model = next
        return true
    }

    private mutating func replaceSegments(
        of next: inout SegmentModel, by candidate: Seeding.Clusters, liveMembers: [Int], factors: [Double]
    ) {
        let d = featureCount
        let live = next
        let matching = IdentityMatching(
            oldMembers: liveMembers, oldCount: live.segmentCount, newMembers: candidate.members,
            newCount: candidate.count,
            squaredDistance: { old, new in
                live.squaredDistance(fromRow: new, of: candidate.centroids, toSegment: old, factors: factors)
                    / Double(d)
            })
        next.generation += 1
        next.segments = matching.origins.map { origin in
            if case .kept(let old) = origin { return live.segments[old] }
            next.nextSegmentID += 1
            return SegmentModel.Segment(
                id: next.nextSegmentID - 1, name: "", share: 0, outlierSquaredDistance: 0)
        }
        segmentIDs = next.segments.map(\.id)
        record(matching, from: live, to: next)
        next.lineage = lineage
        adopt(candidate, into: &next)
    }

    private mutating func record(_ matching: IdentityMatching, from live: SegmentModel, to next: SegmentModel)
    {
        func note(_ kind: SegmentLineage.Kind, _ segment: Int, _ other: Int? = nil) {
            lineage.append(
                SegmentLineage(
                    kind: kind, segment: segment, other: other, generation: next.generation,
                    atMilliseconds: newestTime ?? live.trainedAtMilliseconds))
        }
        for (index, fate) in matching.fates.enumerated() {
            switch fate {
            case .kept: continue
            case .retired: note(.retired, live.segments[index].id)
            case .mergedInto(let new): note(.mergedInto, live.segments[index].id, next.segments[new].id)
            }
        }
        for (index, origin) in matching.origins.enumerated() {
            switch origin {
            case .kept: continue
            case .born: note(.born, next.segments[index].id)
            case .splitFrom(let old): note(.splitFrom, next.segments[index].id, live.segments[old].id)
            }
        }
        lineage.removeFirst(max(0, lineage.count - Self.lineageMax))
    }
}
