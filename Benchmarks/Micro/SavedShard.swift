internal import ShoalCore

/// A snapshot in memory.
struct SavedShard {
    /// As much as is read from a file at a time.
    private static let chunkBytes = 1 << 20

    let bytes: [UInt8]
    let settings: ShardSettings

    /// Makes the shard again.
    func restored() -> Shard {
        var position = 0
        do throws(SnapshotError) {
            let reader = try SnapshotReader { () throws(SnapshotError) in
                let next = Array(bytes[position..<min(position + Self.chunkBytes, bytes.count)])
                position += next.count
                return next
            }
            return try reader.shard(plan: Workload.plan, settings: settings)
        } catch {
            preconditionFailure("A snapshot that was just written cannot be read: \(error)")
        }
    }
}
