/// Measures a candidate on what lanes tell the trainer anyway, so that no lane does anything for it.
///
/// The vectors are the summaries' samples: those of customers who acted, evenly drawn from each batch.
package struct ShadowObserver: Sendable {
    package let candidate: SegmentModel
    /// Vectors measured so far.
    package var vectors: Int { fit.vectors }
    private let factors: [Double]
    private var tally = ShadowTally()
    private var liveFit = ShadowFit()
    private var fit = ShadowFit()
    private var events = 0

    package init(candidate: SegmentModel) {
        self.candidate = candidate
        factors = candidate.distanceFactors
    }

    /// Puts a summary's sample into the segments of both models.
    ///
    /// - Precondition: The summary and the live model are of the candidate's plan.
    /// - Complexity: O(n·k·d) for n sampled vectors.
    package mutating func observe(_ summary: BatchSummary, live: SegmentModel) {
        let d = candidate.featureCount
        precondition(live.featureCount == d && summary.sample.count % d == 0, "The plans agree.")
        let liveFactors = live.distanceFactors
        events += summary.acceptedEvents
        for row in 0..<summary.sample.count / d {
            let own = live.nearestSegment(toRow: row, of: summary.sample, factors: liveFactors)
            let other = candidate.nearestSegment(toRow: row, of: summary.sample, factors: factors)
            guard own.squaredDistance.isFinite, other.squaredDistance.isFinite else { continue }
            tally.add(live: live.segments[own.index].id, candidate: candidate.segments[other.index].id)
            liveFit.add(squaredDistance: own.squaredDistance)
            fit.add(squaredDistance: other.squaredDistance)
        }
    }

    /// Sums up what was measured.
    package func report(live: SegmentModel) -> ShadowReport {
        ShadowReport(
            basis: .vectors, live: ShadowReport.Measured(model: live, fit: liveFit, changes: nil),
            candidate: ShadowReport.Measured(model: candidate, fit: fit, changes: nil), tally: tally,
            events: events)
    }
}
