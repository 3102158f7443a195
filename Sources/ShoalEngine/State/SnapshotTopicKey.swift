/// What one record of the state's topic is: its key is the group, the snapshot's name and the part of it,
/// with slashes between them.
struct SnapshotTopicKey: Hashable {
    enum Part: Hashable {
        /// Bytes of the snapshot, the first of which is number 0.
        case chunk(Int)
        /// The record that makes it count.
        case end
    }

    let group: String
    /// Unique in its partition; without a slash.
    let snapshot: String
    let part: Part

    init(group: String, snapshot: String, part: Part) {
        self.group = group
        self.snapshot = snapshot
        self.part = part
    }

    /// - Returns: `nil` if it is the key of something else.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let words = text.split(separator: "/", omittingEmptySubsequences: false)
        guard words.count >= 3, let last = words.last else { return nil }
        // A group's name may have slashes.
        group = words.dropLast(2).joined(separator: "/")
        snapshot = String(words[words.count - 2])
        if last == "end" {
            part = .end
        } else if let number = Int(last), number >= 0 {
            part = .chunk(number)
        } else {
            return nil
        }
    }

    var bytes: [UInt8] {
        let word =
            switch part {
            case .chunk(let number): "\(number)"
            case .end: "end"
            }
        return Array("\(group)/\(snapshot)/\(word)".utf8)
    }
}
