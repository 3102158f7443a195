extension DriftInput {
    /// What a summary holds.
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
        eventTypes = summary.eventTypes
        if summary.acceptedEvents > 0 {
            lagMilliseconds = Double(summary.latenessMilliseconds) / Double(summary.acceptedEvents)
        }
    }
}
