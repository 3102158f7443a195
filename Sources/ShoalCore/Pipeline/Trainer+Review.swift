/// The care of segments: now and then a candidate is learned from the reservoir, and takes over if it is
/// better.
///
/// The first model comes from whoever acted first and most. Segments are reviewed whenever half of the
/// evidence is newer than the last review: when it has doubled, or a half-life has passed. A candidate's
/// rival is not the model as it stands, which lags behind the data, but what exact k-means makes of it in a
/// few iterations. What one review wants, the next must want too, when a quarter of the evidence is newer: a
/// reservoir that holds two regimes at once shows segments that are in neither. A candidate retires, joins,
/// splits and reseeds by being better; `IdentityMatching` tells which of these it did.
extension Trainer {
    /// The part of the evidence that may be older than the last review.
    private static let reviewedShareMax = 0.5
    /// New vectors that a review needs at least, as a part of what the first model is seeded from.
    private static let newWarmupsMin = 0.5
    /// The part of the evidence that may be older than a change that is to be confirmed.
    private static let proposedShareMax = 0.75
    /// Least part of the error that a candidate of as many segments must save: below it the two differ in
    /// detail, and every structural change costs readers of segments something.
    private static let gainMin = 0.05
    /// The part of the evidence that may be older than the last look at sizes and names: an eighth of a
    /// half-life's worth of forgetting, 2^(−1/8).
    private static let caredShareMax = 0.917
    /// Chapters of lineage that are kept.
    private static let lineageMax = 1_024
    /// Times that groups of the past are looked for: where there are many of them, some share a cluster with
    /// groups that live until the others are gone.
    private static let pastRoundsMax = 3
    /// Seedings tried by a review.
    private static let reviewRestarts = 4

    /// Why segments are reviewed.
    enum Occasion: Equatable {
        /// There is much new evidence.
        case evidence
        /// The review before wanted a change.
        case confirmation
        /// Segments with these identities have too few members left.
        case care(Set<Int>)
        /// Somebody wants the segments to be learned anew.
        case order
    }

    /// Least share of a segment before it is retired: `min_share`, but no more than a quarter of an even
    /// share, so that many segments can exist at all.
    private func shareMin(of clusterCount: Int) -> Double {
        min(settings.minShare, 0.25 / Double(max(1, clusterCount)))
    }

    /// Least share of a new segment: twice of what retires it, so that it does not come and go.
    func shareOfNewMin(of clusterCount: Int) -> Double { 2 * shareMin(of: clusterCount) }

    /// Reviews the segments if it is time.
    mutating func reviewIfDue() {
        guard reservoir.count >= max(1, min(settings.warmup, reservoir.capacity)) else { return }
        let dwindled = careIfDue()
        // Where next to nothing happens, time alone gives no reason to look again.
        let isNews = newVectors >= Self.newWarmupsMin * Double(settings.warmup)
        if let mass = pendingMass,
            !dwindled.isEmpty || (isNews && mass <= Self.proposedShareMax * moments.mass)
        {
            settleReview()
        }
        if !dwindled.isEmpty {
            review(.care(dwindled))
        } else if isNews, let mass = proposedMass, mass <= Self.proposedShareMax * moments.mass {
            review(.confirmation)
        } else if isNews, reviewedMass <= Self.reviewedShareMax * moments.mass {
            if let reviewer { beginReview(with: reviewer) } else { review(.evidence) }
        }
    }

    /// Begins a review that is settled when its outcome is needed.
    private mutating func beginReview(with reviewer: any SegmentReviewer) {
        var now = self
        now.reviewer = nil
        reviewer.begin(SegmentReview(of: now))
        reviewedMass = moments.mass
        newVectors = 0
        proposedMass = nil
        pendingMass = moments.mass
    }

    /// Waits for the review that is under way, if one is, and takes its outcome over.
    ///
    /// To be called before anything draws from the generator.
    mutating func settleReview() {
        guard let mass = pendingMass, let reviewer else { return }
        pendingMass = nil
        let outcome = reviewer.outcome()
        generator = outcome.generator
        if outcome.wantsChange { proposedMass = mass }
    }

    /// Learns the segments anew from the reservoir; those that are found again keep their identities.
    ///
    /// - Returns: the model to publish; `nil` before the first.
    package mutating func reseed() -> SegmentModel? {
        settleReview()
        review(.order)
        return publish(sample: [], sampleCount: 0)
    }

    /// Now and then gives new names to segments whose old ones have stopped being true.
    ///
    /// - Returns: identities of segments that are too small for the second time in a row.
    private mutating func careIfDue() -> Set<Int> {
        guard caredMass <= Self.caredShareMax * moments.mass, let clustering else { return [] }
        caredMass = moments.mass
        refreshNames()
        let least = shareMin(of: clustering.clusterCount) * clustering.masses.reduce(0, +)
        let small = Set(segmentIDs.indices.filter { clustering.masses[$0] < least }.map { segmentIDs[$0] })
        defer { smallIDs = small }
        return small.intersection(smallIDs)
    }

    /// Gives new names to segments whose old ones are not true of what has been learned so far; to be called
    /// before a model is put away for good.
    package mutating func refreshNames() {
        guard let next = modelAsLearned else { return }
        for (index, name) in SegmentNaming.names(for: next, features: features).enumerated() {
            model?.segments[index].name = name
        }
    }

    /// The model with what has been learned since it was published.
    private var modelAsLearned: SegmentModel? {
        guard var next = model, let clustering else { return nil }
        next.centroids = clustering.centroids
        next.scales = (0..<featureCount).map { moments.scale($0) }
        next.means = moments.means
        return next
    }

    /// Learns a candidate from the reservoir and adopts it if the occasion and its merits are enough.
    mutating func review(_ occasion: Occasion) {
        guard reservoir.count > 0, let live = modelAsLearned else { return }
        reviewedMass = moments.mass
        newVectors = 0
        let isDwindled = live.segments.map { segment in
            if case .care(let ids) = occasion { ids.contains(segment.id) } else { false }
        }
        let evidence = presentEvidence(of: live)
        let choice = chosenClusters(live: live, isDwindled: isDwindled, evidence: evidence, occasion)
        guard let clusters = choice else {
            proposedMass = nil
            return
        }
        if occasion == .evidence {
            proposedMass = moments.mass
            return
        }
        proposedMass = nil
        replaceSegments(of: live, by: clusters, evidence: evidence, isDwindled: isDwindled)
    }

    /// What a review looks at: the decayed stream without groups that are of the past only.
    private struct Evidence {
        /// `[n × d]`.
        var vectors: [Float]
        /// All that the reservoir holds, and its ages.
        var held: Seeding
        var ages: ReservoirAges
    }

    private mutating func presentEvidence(of live: SegmentModel) -> Evidence {
        let d = featureCount
        let factors = live.distanceFactors
        let drawn = reservoir.thinnedRows(countMin: settings.warmup, using: &generator)
        let held = seeding(of: reservoir.vectors, factors: factors)
        let ages = ReservoirAges(times: reservoir.times, drawn: drawn.map { reservoir.times[$0] })
        var rows = drawn
        var past: [Double] = []
        for _ in 0..<Self.pastRoundsMax where ages.canTellGone {
            let groups = seeding(of: reservoir.vectors(of: rows), factors: factors).groups(
                count: max(settings.clusterCountMax, segmentIDs.count), using: &generator)
            let members = held.members(of: groups.centroids + past)
            let isGone = ages.gone(
                members: members, count: groups.count + past.count / d,
                shareMin: shareOfNewMin(of: live.segmentCount))
            let isPast = isGone.indices.map { isGone[$0] || $0 >= groups.count }
            let present = rows.filter { !isPast[members[$0]] }
            guard present.count < rows.count, !present.isEmpty else { break }
            rows = present
            for group in 0..<groups.count where isGone[group] {
                past += groups.centroids[group * d..<(group + 1) * d]
            }
        }
        return Evidence(vectors: reservoir.vectors(of: rows), held: held, ages: ages)
    }

    /// The clusters to adopt; `nil` if the segments in force are as good.
    private mutating func chosenClusters(
        live: SegmentModel, isDwindled: [Bool], evidence: Evidence, _ occasion: Occasion
    ) -> Seeding.Clusters? {
        let d = featureCount
        let seeding = seeding(of: evidence.vectors, factors: live.distanceFactors)
        let kept = live.segments.indices.filter { !isDwindled[$0] }
        // Without anybody left to keep, a candidate has no rival.
        let rival =
            kept.isEmpty
            ? nil : seeding.settled(from: kept.flatMap { live.centroids[$0 * d..<($0 + 1) * d] })
        // What is retired need not be confirmed, so nothing else is changed with it; with a fixed k another
        // segment takes its place.
        if let rival, case .care = occasion, settings.clusterCount == .automatic { return rival }
        let clusterCount =
            switch settings.clusterCount {
            // A person may have promoted a model of more or fewer segments than the configuration asks for.
            case .fixed: live.segmentCount
            case .automatic:
                seeding.chosenClusterCount(
                    max: settings.clusterCountMax, current: rival?.count, using: &generator)
            }
        let found = seeding.clustersBySample(
            count: clusterCount, restarts: Self.reviewRestarts, shareMin: shareOfNewMin(of: clusterCount),
            replaces: settings.clusterCount != .automatic, using: &generator)
        guard let rival, occasion != .order else { return found }
        let candidate = presentClusters(
            of: found, kept: kept.count, seeding: seeding, evidence: evidence)
        let isBetter =
            candidate.inertia < (1 - Self.gainMin) * rival.inertia
            || (clusterCount != kept.count && candidate.count != kept.count)
        if isBetter { return candidate }
        return kept.count < live.segmentCount ? rival : nil
    }

    /// Leaves out of a candidate with more clusters than segments are kept those that few of the newest
    /// vectors are in: what is only remembered of a group that went is no new segment.
    private func presentClusters(
        of candidate: Seeding.Clusters, kept: Int, seeding: Seeding, evidence: Evidence
    ) -> Seeding.Clusters {
        guard candidate.count > kept else { return candidate }
        let d = featureCount
        let shares = evidence.ages.newestShares(
            members: evidence.held.members(of: candidate.centroids), count: candidate.count)
        let least = shareMin(of: candidate.count)
        let absent = shares.indices.filter { shares[$0] < least }.sorted { shares[$0] < shares[$1] }
            .prefix(candidate.count - kept)
        guard !absent.isEmpty else { return candidate }
        let present = shares.indices.filter { !absent.contains($0) }
        return seeding.settled(from: present.flatMap { candidate.centroids[$0 * d..<($0 + 1) * d] })
    }

    private mutating func replaceSegments(
        of live: SegmentModel, by clusters: Seeding.Clusters, evidence: Evidence, isDwindled: [Bool]
    ) {
        let d = featureCount
        let factors = live.distanceFactors
        let liveMembers = clusters.members.indices.map {
            live.nearestSegment(toRow: $0, of: evidence.vectors, factors: factors).index
        }
        var next = live
        next.generation += 1
        next.centroids = clusters.centroids
        next.segments = clusters.masses.map { _ in
            SegmentModel.Segment(id: 0, name: "", share: 0, outlierSquaredDistance: 0)
        }
        // Who was there before counts, also where it was that nobody is any more.
        let heldMembers = evidence.held.members(of: clusters.centroids)
        let matching = IdentityMatching(
            oldMembers: liveMembers, oldCount: live.segmentCount, newMembers: clusters.members,
            newCount: clusters.count,
            isNew: evidence.ages.new(
                members: heldMembers, count: clusters.count,
                shareMin: shareOfNewMin(of: live.segmentCount)),
            isDwindled: isDwindled,
            squaredDistance: { old, new in
                live.squaredDistance(fromRow: new, of: clusters.centroids, toSegment: old, factors: factors)
                    / Double(d)
            })
        next.segments = matching.origins.map { origin in
            if case .kept(let old) = origin { return live.segments[old] }
            next.nextSegmentID += 1
            return SegmentModel.Segment(
                id: next.nextSegmentID - 1, name: "", share: 0, outlierSquaredDistance: 0)
        }
        segmentIDs = next.segments.map(\.id)
        record(matching, from: live, to: next)
        next.lineage = lineage
        adopt(clusters, of: evidence.vectors, into: &next)
        model = next
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
