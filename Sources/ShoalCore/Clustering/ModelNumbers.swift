/// What models have used of the numbers that are never used again: a model of other features begins after
/// these, so that its `s1` is not taken for the `s1` before.
package struct ModelNumbers: Sendable, Equatable {
    package private(set) var version = 0
    package private(set) var generation = 0
    package private(set) var nextSegmentID = 1

    package init() {}

    /// Takes what a model has used as used.
    package mutating func use(_ model: SegmentModel) {
        version = max(version, model.version)
        generation = max(generation, model.generation)
        nextSegmentID = max(nextSegmentID, model.nextSegmentID)
    }
}
