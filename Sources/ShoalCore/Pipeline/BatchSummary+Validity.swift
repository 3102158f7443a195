extension BatchSummary {
    /// Whether all arrays have the shapes that go with `featureCount`, and all numbers are possible ones.
    ///
    /// The sample is judged by its shape alone; the reservoir passes over vectors that are not finite.
    ///
    /// - Complexity: O(k·d). Does not allocate.
    package func isWellFormed(featureCount d: Int) -> Bool {
        let k = segmentIDs.count
        guard d > 0, count >= 0, acceptedEvents >= 0, rejectedRecords >= 0, segmentMoves >= 0,
            segmentCounts.count == k, segmentSums.count == k * d, segmentSquaredDistances.count == k,
            means.count == d, squaredDeviations.count == d, priorNumerators.count == d,
            priorDenominators.count == d, sample.count.isMultiple(of: d), sample.count / d <= count,
            inflowCounts.count == d, inflowMeans.count == d, inflowSquaredDeviations.count == d,
            inflowSample.count.isMultiple(of: d), inflowCounts.allSatisfy({ $0 >= 0 })
        else { return false }
        var assigned = 0
        for segmentCount in segmentCounts {
            // Compared by difference, so that a forged count cannot overflow the sum.
            guard segmentCount >= 0, segmentCount <= count - assigned else { return false }
            assigned += segmentCount
        }
        for deviation in squaredDeviations where !(deviation >= 0) { return false }
        for deviation in inflowSquaredDeviations where !(deviation >= 0) { return false }
        return Self.areFinite(means) && Self.areFinite(squaredDeviations) && Self.areFinite(segmentSums)
            && Self.areFinite(segmentSquaredDistances) && Self.areFinite(priorNumerators)
            && Self.areFinite(priorDenominators) && Self.areFinite(inflowMeans)
            && Self.areFinite(inflowSquaredDeviations)
    }

    /// Whether no value is NaN, infinite, or so large that its square would be.
    private static func areFinite(_ values: [Double]) -> Bool {
        for value in values where !(abs(value) <= magnitudeMax) { return false }
        return true
    }

    /// Far above what 10⁹ vectors of inputs of 10¹² add up to, even squared; its own square is finite.
    private static let magnitudeMax = 1e60
}
