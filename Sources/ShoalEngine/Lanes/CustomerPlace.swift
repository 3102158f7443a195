/// Which lane of this process keeps the customers of a partition, as the lanes say.
enum CustomerPlace: Equatable {
    /// The lane of this number.
    case lane(Int)
    /// It may be one of this process: the group has not told all lanes what is theirs, or one is recovering.
    case undecided
    case elsewhere

    init(of partition: Int32, among lanes: [LaneStatus]) {
        if let owner = lanes.firstIndex(where: { $0.partitions.contains(partition) }) {
            self = .lane(owner)
        } else if lanes.contains(where: { !$0.hasJoined || $0.phase == .recovering }) {
            self = .undecided
        } else {
            self = .elsewhere
        }
    }
}
