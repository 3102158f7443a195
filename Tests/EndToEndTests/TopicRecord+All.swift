internal import ShoalKafka

extension TopicRecord {
    /// Reads all that a topic holds now.
    ///
    /// - Returns: what was read, in order within each partition.
    /// - Throws: when the broker refuses.
    static func readAll(
        _ topic: String, partitions: Int32 = 1, at bootstrap: String
    ) throws -> [TopicRecord] {
        let asker = try KafkaConsumer(
            group: nil, properties: KafkaProperties(bootstrap: bootstrap), events: { _ in })
        var count: Int64 = 0
        for partition in 0..<partitions {
            let held = try asker.watermarks(
                KafkaTopicPartition(topic: topic, partition: partition), timeoutMilliseconds: 10_000)
            count += held.upperBound - held.lowerBound
        }
        asker.close()
        return try read(Int(count), from: topic, partitions: partitions, at: bootstrap)
    }
}
