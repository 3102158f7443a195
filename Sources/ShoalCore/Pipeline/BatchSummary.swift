/// What a lane tells the trainer about a batch of vectors: counts, sums, moments and a sample.
///
/// Everything in it is additive, so summaries of several lanes may be absorbed in any order. `d` is the
/// number of features, `k` the number of segments of the model the lane had; vectors are in feature space
/// (transformed, not scaled).
package struct BatchSummary: Equatable, Sendable {
    /// Vectors that a summary carries along for the trainer's reservoir.
    package static let sampleMax = 64

    /// How many accepted events were of one type.
    package struct EventTypeCount: Equatable, Sendable {
        /// What types beyond the first few are counted as.
        package static let otherName = "(other)"

        package var name: String
        package var count: Int

        package init(name: String, count: Int) {
            self.name = name
            self.count = count
        }
    }

    /// Hash of the feature plan; a trainer refuses any other.
    package var planHash: UInt64
    package var partition: Int32
    /// Version of the model the vectors were assigned with; 0 before the first.
    package var modelVersion: Int
    /// Largest event time seen on the partition, epoch milliseconds.
    package var streamTimeMilliseconds: Int64
    /// Vectors in the batch.
    package var count: Int
    /// Identities of the segments, in the order of the arrays below: `[k]`.
    package var segmentIDs: [Int]
    /// Vectors assigned to each segment: `[k]`.
    package var segmentCounts: [Int]
    /// Sums of the vectors assigned to each segment: `[k × d]`, row-major.
    package var segmentSums: [Double]
    /// Sums of d² to the segment's centroid: `[k]`.
    package var segmentSquaredDistances: [Double]
    /// Mean of each feature over the batch: `[d]`.
    package var means: [Double]
    /// Sum of squared deviations from the mean: `[d]`.
    package var squaredDeviations: [Double]
    /// Σa of each ratio and share over the batch, 0 for other features: `[d]`.
    package var priorNumerators: [Double]
    /// Σb likewise: `[d]`.
    package var priorDenominators: [Double]
    /// Up to 64 vectors drawn evenly from the batch: `[n × d]`, row-major.
    package var sample: [Float]
    /// Values that single events brought to each feature (`InflowBatch`), on the feature's `InflowScale`: how
    /// many, their mean and their sum of squared deviations from it: `[d]`.
    package var inflowCounts: [Int]
    package var inflowMeans: [Double]
    package var inflowSquaredDeviations: [Double]
    /// The values of up to 64 events, NaN where an event brought none: `[n × d]`, row-major.
    package var inflowSample: [Float]
    /// Customers who went from one segment to another, of their own accord or by the passing of time.
    package var segmentMoves: Int
    /// Events accepted and records rejected since the last summary.
    package var acceptedEvents: Int
    package var rejectedRecords: Int
    /// Accepted events by type.
    package var eventTypes: [EventTypeCount]
    /// Σ (stream time − event time) of the accepted events.
    package var latenessMilliseconds: Int64

    package init(planHash: UInt64, partition: Int32, featureCount d: Int, model: SegmentModel?) {
        let k = model?.segments.count ?? 0
        self.planHash = planHash
        self.partition = partition
        modelVersion = model?.version ?? 0
        streamTimeMilliseconds = .min
        count = 0
        segmentIDs = model?.segments.map(\.id) ?? []
        segmentCounts = Array(repeating: 0, count: k)
        segmentSums = Array(repeating: 0, count: k * d)
        segmentSquaredDistances = Array(repeating: 0, count: k)
        means = Array(repeating: 0, count: d)
        squaredDeviations = Array(repeating: 0, count: d)
        priorNumerators = Array(repeating: 0, count: d)
        priorDenominators = Array(repeating: 0, count: d)
        sample = []
        inflowCounts = Array(repeating: 0, count: d)
        inflowMeans = Array(repeating: 0, count: d)
        inflowSquaredDeviations = Array(repeating: 0, count: d)
        inflowSample = []
        segmentMoves = 0
        acceptedEvents = 0
        rejectedRecords = 0
        eventTypes = []
        latenessMilliseconds = 0
    }
}
