package import ShoalCore

/// One snapshot being encoded and written, away from the shard.
///
/// Used by one thread at a time; whoever drives it hands it the shard's blocks in any order.
package struct SnapshotTask: ~Copyable {
    /// Written to the file in pieces of about this size, so that a system call is rare.
    private static let pieceBytes = 1 << 20

    private let store: SnapshotStore
    private let header: SnapshotHeader
    private var file: SnapshotFile
    private var writer: SnapshotWriter
    private var piece: [UInt8] = []

    /// - Throws: If the file cannot be made.
    package init(_ header: SnapshotHeader, store: SnapshotStore) throws(SnapshotStoreError) {
        self.store = store
        self.header = header
        file = try store.begin(partition: header.place.partition)
        writer = SnapshotWriter(header, appendingTo: &piece)
    }

    /// - Throws: If it cannot be written; the snapshot is to be given up then.
    package mutating func append(_ block: FrozenBlock) throws(SnapshotStoreError) {
        writer.append(block, to: &piece)
        guard piece.count >= Self.pieceBytes else { return }
        try file.write(piece)
        piece.removeAll(keepingCapacity: true)
    }

    /// Makes the snapshot count and removes those that are not needed any more.
    ///
    /// - Returns: the bytes on disk.
    /// - Throws: If it is not known to be durable.
    package consuming func finish() throws(SnapshotStoreError) -> Int {
        writer.finish(appendingTo: &piece)
        try file.write(piece)
        let byteCount = file.byteCount
        try file.commit()
        try store.retire(partition: header.place.partition, erasedCount: header.counters.erased)
        return byteCount
    }
}
