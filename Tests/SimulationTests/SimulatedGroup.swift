import ShoalKafka

/// A member's standing when it was asked for.
struct SimulatedMembership {
    let group: String
    let member: Int
    let generation: Int
}

/// A consumer group with the `range` assignor and eager rebalances: everybody gives everything up, then a new
/// generation begins.
final class SimulatedGroup {
    final class Member {
        let topics: [String]
        let sessionMilliseconds: Int64
        var lastSeen: Int64
        /// Waits for the next generation with nothing in hand.
        var isReady = true
        var assignment: [KafkaTopicPartition] = []
        /// An assignment it has not heard of yet.
        var isNews = false

        init(topics: [String], sessionMilliseconds: Int64, now: Int64) {
            self.topics = topics
            self.sessionMilliseconds = sessionMilliseconds
            lastSeen = now
        }
    }

    let name: String
    private var partitionCount: Int32
    private(set) var generation = 0
    private(set) var members: [Int: Member] = [:]
    private(set) var isRebalancing = false
    private var nextMember = 1
    var committed: [KafkaTopicPartition: Int64] = [:]

    init(name: String, partitionCount: Int32) {
        self.name = name
        self.partitionCount = partitionCount
    }

    func join(topics: [String], sessionMilliseconds: Int64, now: Int64) -> Int {
        let id = nextMember
        nextMember += 1
        members[id] = Member(topics: topics, sessionMilliseconds: sessionMilliseconds, now: now)
        rebalance()
        return id
    }

    func leave(_ id: Int) {
        guard members.removeValue(forKey: id) != nil else { return }
        rebalance()
    }

    func expire(now: Int64) {
        let gone = members.filter { now - $0.value.lastSeen > $0.value.sessionMilliseconds }.keys
        for id in gone.sorted() { leave(id) }
    }

    func addPartitions(_ count: Int32) {
        partitionCount += count
        rebalance()
    }

    /// Everybody but the ready has yet to hear that a new generation is wanted.
    private func rebalance() {
        isRebalancing = true
        completeIfAllAreReady()
    }

    /// A member has given its partitions up.
    func makeReady(_ id: Int) {
        guard isRebalancing, let member = members[id] else { return }
        member.isReady = true
        member.assignment = []
        completeIfAllAreReady()
    }

    private func completeIfAllAreReady() {
        guard !members.isEmpty, members.values.allSatisfy(\.isReady) else { return }
        isRebalancing = false
        generation += 1
        let ids = members.keys.sorted()
        for (rank, id) in ids.enumerated() {
            let share = Int(partitionCount) / ids.count
            let extra = Int(partitionCount) % ids.count
            let first = rank * share + min(rank, extra)
            let numbers = first..<first + share + (rank < extra ? 1 : 0)
            guard let member = members[id] else { continue }
            member.isReady = false
            member.isNews = true
            member.assignment = member.topics.flatMap { topic in
                numbers.map { KafkaTopicPartition(topic: topic, partition: Int32($0)) }
            }
        }
    }

    /// Whether a membership is that of the present generation.
    func accepts(_ membership: SimulatedMembership) -> Bool {
        members[membership.member] != nil && membership.generation == generation
    }
}
