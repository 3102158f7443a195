extension SegmentModel {
    /// This model as the successor of another: the next version and generation, and no identity used again.
    package func succeeding(_ other: SegmentModel) -> SegmentModel {
        var successor = self
        successor.version = max(version, other.version) + 1
        successor.generation = max(generation, other.generation) + 1
        successor.nextSegmentID = max(nextSegmentID, other.nextSegmentID)
        return successor
    }
}
