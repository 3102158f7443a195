/// What became of a process's snapshots since its start.
package struct SnapshotCounts: Sendable {
    /// On disk, whole.
    package var saved = 0
    /// Given up, because the disk did not take it; the one before stays.
    package var failed = 0
    /// On disk, but not in the state's topic.
    package var unsent = 0

    package init() {}
}
