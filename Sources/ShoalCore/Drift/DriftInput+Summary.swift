extension DriftInput {
    /// What a summary holds; event types and lag are left to the caller.
    package init(_ summary: BatchSummary, generation: Int) {
        self.init(streamTimeMilliseconds: summary.streamTimeMilliseconds)
        count = summary.count
        means = summary.means
        squaredDeviations = summary.squaredDeviations
        sample = summary.sample
        self.generation = generation
        segmentIDs = summary.segmentIDs
        segmentCounts = summary.segmentCounts
        squaredDistanceSum = summary.segmentSquaredDistances.reduce(0, +)
        acceptedEvents = summary.acceptedEvents
        rejectedRecords = summary.rejectedRecords
    }
}
