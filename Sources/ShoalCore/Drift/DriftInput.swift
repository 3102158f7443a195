/// What the monitors look at in one batch; `d` is the number of features.
package struct DriftInput: Equatable, Sendable {
    /// Epoch milliseconds; an earlier one than before counts as the latest so far.
    package var streamTimeMilliseconds: Int64
    /// Vectors in the batch.
    package var count = 0
    /// Values of each feature that came in: how many, their mean and the sum of squared deviations from it:
    /// `[d]`.
    package var valueCounts: [Int] = []
    package var means: [Double] = []
    package var squaredDeviations: [Double] = []
    /// Some of the values: `[n × d]`, row-major, NaN for none.
    package var sample: [Float] = []
    /// Grows with every structural change of the model; what depends on segments is then learned anew.
    package var generation = 0
    /// Identities of the segments, and vectors assigned to each: `[k]`.
    package var segmentIDs: [Int] = []
    package var segmentCounts: [Int] = []
    /// Customers who went from one segment to another.
    package var segmentMoves = 0
    /// Σ d² of all assigned vectors to their centroids.
    package var squaredDistanceSum = 0.0
    /// Events by type; empty if not known.
    package var eventTypes: [BatchSummary.EventTypeCount] = []
    /// Events accepted and records rejected.
    package var acceptedEvents = 0
    package var rejectedRecords = 0
    /// Mean of how much later than it happened an event was read, milliseconds; `nil` if not known.
    package var lagMilliseconds: Double?

    package init(streamTimeMilliseconds: Int64) {
        self.streamTimeMilliseconds = streamTimeMilliseconds
    }
}
