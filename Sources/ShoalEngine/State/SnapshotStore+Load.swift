package import ShoalCore

/// A partition made again from the newest snapshot that is whole and fits.
package struct LoadedSnapshot: ~Copyable {
    package let path: String
    package let header: SnapshotHeader
    /// What became of the features.
    package let transition: PlanTransition
    package var shard: Shard
}

extension SnapshotStore {
    /// Makes a partition again from its newest good snapshot.
    ///
    /// - Parameters:
    ///   - partition: its number.
    ///   - plan: of this run.
    ///   - settings: of this run.
    ///   - paths: of files to choose from, newest first; without them, all there are.
    ///   - refuse: says why a snapshot cannot be used here, though it may be whole; `nil` if it can.
    ///   - report: gets every snapshot that is passed over, with its reason.
    /// - Returns: `nil` if there is none to go on from.
    package func load(
        partition: Int32, plan: FeaturePlan, settings: ShardSettings, paths: [String]? = nil,
        refuse: (SnapshotHeader) -> SnapshotError?, report: (SnapshotStoreError) -> Void
    ) -> LoadedSnapshot? {
        for path in paths ?? files(of: partition) {
            do throws(SnapshotStoreError) {
                let reader = try Self.reader(ofFile: path)
                let header = reader.header
                if let reason = refuse(header) { throw .snapshot(path: path, reason) }
                let transition = reader.transition(to: plan)
                do throws(SnapshotError) {
                    return LoadedSnapshot(
                        path: path, header: header, transition: transition,
                        shard: try reader.shard(plan: plan, settings: settings))
                } catch {
                    throw .snapshot(path: path, error)
                }
            } catch {
                report(error)
            }
        }
        return nil
    }
}
