extension DriftInput {
    /// What a summary holds.
    package init(_ summary: BatchSummary, generation: Int) {
        self.init(streamTimeMilliseconds: summary.streamTimeMilliseconds)
        count = summary.count
        valueCounts = summary.inflowCounts
        means = summary.inflowMeans
        squaredDeviations = summary.inflowSquaredDeviations
        sample = summary.inflowSample
        self.generation = generation
        segmentIDs = summary.segmentIDs
        segmentCounts = summary.segmentCounts
        segmentMoves = summary.segmentMoves
        squaredDistanceSum = summary.segmentSquaredDistances.reduce(0, +)
        acceptedEvents = summary.acceptedEvents
        rejectedRecords = summary.rejectedRecords
        eventTypes = summary.eventTypes
        if summary.acceptedEvents > 0 {
            lagMilliseconds = Double(summary.latenessMilliseconds) / Double(summary.acceptedEvents)
        }
    }
}
