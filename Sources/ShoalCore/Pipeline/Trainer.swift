/// The one place where the model is learned: takes batch summaries, publishes models.
///
/// Until `warmup` vectors are in its reservoir it only gathers; then it seeds and names the segments, and
/// from there every summary moves them. Pure: the same summaries in the same order and the same seed give
/// the same models, bit for bit. Up to rounding and sampling, the order of summaries does not matter, unless
/// stream time leaps so far that `massMin` keeps the past from being forgotten.
package struct Trainer: Sendable {
    /// The newest publication; `nil` before the first.
    package internal(set) var model: SegmentModel?
    /// Vectors kept for seeding, biased towards the recent.
    package internal(set) var reservoir: Reservoir
    /// Summaries that were not used: of another plan, misshapen, or not finite.
    package private(set) var refusedSummaries = 0

    let features: [FeatureDefinition]
    let settings: ModelSettings
    let planHash: UInt64
    let featureCount: Int
    var generator: SeededGenerator
    /// Mean and σ of each feature over all vectors, decayed.
    var moments: DecayedMoments
    /// Decayed Σa and Σb of each ratio and share: `[d]`.
    private var priorNumerators: [Double]
    private var priorDenominators: [Double]
    /// Stream time up to which has been forgotten; `nil` before the first summary.
    var newestTime: Int64?
    var clustering: MiniBatchKMeans?
    var thresholds = OutlierThresholds(values: [])
    /// Identities in the order of the model's segments: `[k]`.
    var segmentIDs: [Int] = []
    /// What has become of segments, oldest first; bounded.
    package internal(set) var lineage: [SegmentLineage] = []
    /// What is left of the mass that the last review looked at, and vectors told of since.
    var reviewedMass = 0.0
    var newVectors = 0.0
    /// What is left of the mass of a review that wanted a change which the next is to confirm; `nil` if none
    /// did.
    var proposedMass: Double?
    /// The same of a review that is under way.
    var pendingMass: Double?
    /// The same for the last look at sizes and names.
    var caredMass = 0.0
    /// Identities of segments that were too small at the last look.
    var smallIDs: Set<Int> = []
    /// Who carries reviews out whose outcome is not needed at once; without one each is done at once.
    package var reviewer: (any SegmentReviewer)?
    /// What the first model begins after.
    private(set) var used = ModelNumbers()
    /// Whether drift has made learning faster, or the reservoir start afresh.
    var isAdapting = false
    var isGatheringAnew = false

    /// The past is never forgotten below the weight of so many vectors.
    ///
    /// A deviation from plain decay: a lone vector after a long silence must not define every σ.
    package static let massMin = Double(BatchSummary.sampleMax)
    /// Vectors of one summary that move the outlier thresholds; each costs k·d operations.
    package static let outlierSampleMax = 8

    /// Starts without a model.
    ///
    /// - Parameters:
    ///   - features: what a vector's numbers are.
    ///   - planHash: of these features.
    ///   - settings: how to learn.
    ///   - used: what models of other features have used.
    /// - Precondition: `features` is not empty.
    package init(
        features: [FeatureDefinition], planHash: UInt64, settings: ModelSettings,
        after used: ModelNumbers = ModelNumbers()
    ) {
        self.init(features: features, planHash: planHash, settings: settings, seed: settings.seed)
        self.used = used
    }

    private init(features: [FeatureDefinition], planHash: UInt64, settings: ModelSettings, seed: UInt64) {
        precondition(!features.isEmpty, "There is at least one feature.")
        let d = features.count
        self.features = features
        self.planHash = planHash
        self.settings = settings
        featureCount = d
        var generator = SeededGenerator(seed: seed)
        reservoir = Reservoir(
            capacity: max(1, settings.reservoirSize), featureCount: d, halfLife: settings.halfLife,
            seed: generator.next())
        self.generator = generator
        moments = DecayedMoments(featureCount: d)
        priorNumerators = Array(repeating: 0, count: d)
        priorDenominators = Array(repeating: 0, count: d)
    }

    /// Goes on from a published model; the reservoir starts empty.
    ///
    /// A model holds Σa/Σb but neither sum: each vector behind it is taken to have had Σb = 1.
    ///
    /// - Parameters:
    ///   - features: what a vector's numbers are.
    ///   - planHash: of these features.
    ///   - settings: how to learn.
    ///   - model: to go on from.
    ///   - used: what models of other features have used since.
    /// - Precondition: The model has the same plan.
    package init(
        features: [FeatureDefinition], planHash: UInt64, settings: ModelSettings,
        resuming model: SegmentModel, after used: ModelNumbers = ModelNumbers()
    ) {
        precondition(model.planHash == planHash && model.featureCount == features.count, "The plans agree.")
        // Sampling goes on differently from where it once began.
        let seed = settings.seed &+ UInt64(truncatingIfNeeded: model.version)
        self.init(features: features, planHash: planHash, settings: settings, seed: seed)
        let mass = model.masses.reduce(0, +)
        self.model = model
        self.model?.definitions = features
        self.model?.settings = settings.words
        self.model?.nextSegmentID = max(model.nextSegmentID, used.nextSegmentID)
        moments = DecayedMoments(mass: mass, means: model.means, scales: model.scales)
        priorNumerators = model.priors.map { $0 * mass }
        priorDenominators = model.priors.map { $0 == 0 ? 0 : mass }
        newestTime = model.trainedAtMilliseconds
        clustering = MiniBatchKMeans(
            centroids: model.centroids, masses: model.masses, featureCount: features.count)
        thresholds = OutlierThresholds(values: model.segments.map(\.outlierSquaredDistance))
        segmentIDs = model.segments.map(\.id)
        lineage = model.lineage
        reviewedMass = mass
    }

    /// Learns from one summary and returns the model to publish, or `nil` if there is nothing new.
    ///
    /// A summary older than what is known weighs less by its age, as a late event does: masses, moments
    /// and centroids come out the same in any order.
    ///
    /// - Complexity: O(k·d + n) for n sampled vectors, with a few small allocations for the publication.
    package mutating func absorb(_ summary: BatchSummary) -> SegmentModel? {
        guard accepts(summary) else {
            refusedSummaries += 1
            return nil
        }
        guard summary.count > 0 else { return nil }
        let weight = advance(to: summary.streamTimeMilliseconds)
        moments.merge(
            count: Double(summary.count), means: summary.means, squaredDeviations: summary.squaredDeviations,
            weight: weight)
        for axis in 0..<featureCount {
            priorNumerators[axis] += weight * summary.priorNumerators[axis]
            priorDenominators[axis] += weight * summary.priorDenominators[axis]
        }
        newVectors += Double(summary.count)
        let sampleCount = summary.sample.count / featureCount
        if sampleCount > 0 {
            reservoir.absorb(
                summary.sample, representing: Double(summary.count) / Double(sampleCount),
                at: summary.streamTimeMilliseconds)
        }
        guard clustering != nil else { return seedIfWarm() }
        moveCentroids(by: summary, weight: weight)
        reviewIfDue()
        return publish(sample: summary.sample, sampleCount: sampleCount)
    }

    /// Forgets up to a moment and returns what vectors of that moment weigh.
    private mutating func advance(to time: Int64) -> Double {
        guard let newest = newestTime else {
            newestTime = time
            return 1
        }
        let elapsed = Double(time) - Double(newest)
        guard elapsed > 0 else { return Decay.factor(elapsed: -elapsed, halfLife: learningHalfLife) }
        newestTime = time
        var factor = Decay.factor(elapsed: elapsed, halfLife: learningHalfLife)
        if moments.mass * factor < Self.massMin {
            factor = moments.mass > Self.massMin ? Self.massMin / moments.mass : 1
        }
        moments.forget(factor)
        reviewedMass *= factor
        caredMass *= factor
        if let mass = proposedMass { proposedMass = mass * factor }
        if let mass = pendingMass { pendingMass = mass * factor }
        for axis in 0..<featureCount {
            priorNumerators[axis] *= factor
            priorDenominators[axis] *= factor
        }
        clustering?.forget(factor)
        return 1
    }

    /// Moves each centroid that the summary knows by identity; segments that are gone are passed over.
    private mutating func moveCentroids(by summary: BatchSummary, weight: Double) {
        for row in summary.segmentIDs.indices where summary.segmentCounts[row] > 0 {
            let id = summary.segmentIDs[row]
            let isInPlace = row < segmentIDs.count && segmentIDs[row] == id
            guard let cluster = isInPlace ? row : segmentIDs.firstIndex(of: id) else { continue }
            clustering?.absorb(
                into: cluster, count: Double(summary.segmentCounts[row]), sums: summary.segmentSums, row: row,
                weight: weight)
        }
    }

    /// Refuses what would poison the model: other plans, wrong shapes, values that are not finite.
    private func accepts(_ summary: BatchSummary) -> Bool {
        summary.planHash == planHash && summary.isWellFormed(featureCount: featureCount)
    }

    /// Brings the model up to date, gives it the next version and returns it.
    mutating func publish(sample: [Float], sampleCount: Int) -> SegmentModel? {
        guard var next = model.take(), let clustering else { return nil }
        next.version += 1
        next.trainedAtMilliseconds = newestTime ?? next.trainedAtMilliseconds
        next.centroids = clustering.centroids
        next.masses = clustering.masses
        next.means = moments.means
        for axis in 0..<featureCount {
            next.scales[axis] = moments.scale(axis)
            let denominator = priorDenominators[axis]
            let prior = denominator > 0 ? priorNumerators[axis] / denominator : 0
            // Next to nothing may be too little to divide by.
            next.priors[axis] = prior.isFinite ? prior : 0
        }
        followOutliers(sample, sampleCount: sampleCount, model: next)
        var total = 0.0
        for mass in next.masses { total += mass }
        for index in next.segments.indices {
            if total > 0 { next.segments[index].share = next.masses[index] / total }
            next.segments[index].outlierSquaredDistance = thresholds.values[index]
        }
        model = next
        return next
    }

    /// Lets a few of a summary's vectors, evenly spread, move the outlier thresholds.
    private mutating func followOutliers(_ sample: [Float], sampleCount: Int, model: SegmentModel) {
        let taken = min(sampleCount, Self.outlierSampleMax)
        guard taken > 0 else { return }
        let factors = model.distanceFactors
        for index in 0..<taken {
            let row = index * sampleCount / taken
            let nearest = model.nearestSegment(toRow: row, of: sample, factors: factors)
            guard nearest.squaredDistance.isFinite else { continue }
            thresholds.absorb(nearest.squaredDistance, segment: nearest.index)
        }
    }
}
