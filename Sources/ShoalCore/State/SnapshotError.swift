/// Why bytes are not the snapshot that was asked for; whatever is wrong, nothing of it is used.
package enum SnapshotError: Error, Equatable, CustomStringConvertible {
    case empty
    case truncated
    case notASnapshot
    /// Written by another version than this one reads.
    case unknownVersion(UInt16)
    case damaged(String)
    case wrongChecksum
    /// More bytes than the snapshot has.
    case surplus
    /// Whole, but with values that no shard has.
    case impossible(String)
    case otherPartition(found: Int32, wanted: Int32)
    case otherGroup(found: String, wanted: String)
    case otherCluster(found: String, wanted: String)
    /// The storage failed; the system's words.
    case unreadable(String)

    package var description: String {
        switch self {
        case .empty: "it is empty"
        case .truncated: "it ends too early"
        case .notASnapshot: "it does not begin as a snapshot does"
        case .unknownVersion(let version):
            "it has format \(version), and this version of shoal reads format \(SnapshotHeader.version) and "
                + "older; run the version that wrote it"
        case .damaged(let what): "it is damaged: \(what)"
        case .wrongChecksum: "it is damaged: its checksum is wrong"
        case .surplus: "something follows its end"
        case .impossible(let what): "it holds \(what)"
        case .otherPartition(let found, let wanted): "it is of partition \(found), not \(wanted)"
        case .otherGroup(let found, let wanted): "it is of the group \(found), not \(wanted)"
        case .otherCluster(let found, let wanted): "it is of the cluster \(found), not \(wanted)"
        case .unreadable(let words): "it cannot be read: \(words)"
        }
    }
}
