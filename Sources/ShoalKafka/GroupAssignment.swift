/// What a member of a group was given, as the consumer protocol writes it (Kafka's
/// `ConsumerProtocolAssignment`, versions 0 to 3).
enum GroupAssignment {
    /// - Returns: nothing for bytes that are no assignment.
    static func partitions(_ bytes: [UInt8]) -> [KafkaTopicPartition] {
        var rest = bytes[...]
        var partitions: [KafkaTopicPartition] = []
        guard integer(&rest, bytes: 2) != nil, let topicCount = integer(&rest, bytes: 4) else { return [] }
        for _ in 0..<max(0, topicCount) {
            guard let count = integer(&rest, bytes: 2), count >= 0, count <= rest.count else { return [] }
            let topic = String(decoding: rest.prefix(count), as: UTF8.self)
            rest = rest.dropFirst(count)
            guard let partitionCount = integer(&rest, bytes: 4), partitionCount <= rest.count / 4 else {
                return []
            }
            for _ in 0..<max(0, partitionCount) {
                guard let number = integer(&rest, bytes: 4) else { return [] }
                partitions.append(KafkaTopicPartition(topic: topic, partition: Int32(number)))
            }
        }
        return partitions
    }

    /// A signed number, most significant byte first.
    private static func integer(_ rest: inout ArraySlice<UInt8>, bytes count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        let value = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(count)
        let range = 1 << (8 * count)
        return value >= range / 2 ? value - range : value
    }
}
