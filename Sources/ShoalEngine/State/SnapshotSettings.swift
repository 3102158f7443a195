/// Where and how often partitions are saved.
package struct SnapshotSettings: Equatable, Sendable {
    /// Shared by all groups; each has a folder of its own in it.
    package var directory: String
    /// How old the newest snapshot of a partition may become.
    package var intervalMilliseconds: Int64
    package var keptCount: Int
    /// The topic that snapshots go to as well; `nil` for none.
    package var topic: String?

    package init(
        directory: String, intervalMilliseconds: Int64 = 60_000, keptCount: Int = 2, topic: String? = nil
    ) {
        self.directory = directory
        self.topic = topic
        self.intervalMilliseconds = intervalMilliseconds
        self.keptCount = keptCount
    }

    /// The snapshots of one group.
    ///
    /// Its folder has the group's name, with a per cent sign and the code for every byte but letters, digits,
    /// `-` and `_`.
    package func store(ofGroup group: String) -> SnapshotStore {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
        let name = group.utf8.map { byte in
            if plain.contains(byte) { return String(decoding: [byte], as: UTF8.self) }
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
        return SnapshotStore(directory: "\(directory)/\(name.joined())", keptCount: keptCount)
    }
}
