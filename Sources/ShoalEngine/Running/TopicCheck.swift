internal import ShoalKafka

/// What start-up asks of the topics, and what it creates.
struct TopicCheck {
    let settings: EngineSettings

    /// The partition count that all input topics share.
    ///
    /// - Parameter counts: of the topics that exist, by name.
    /// - Returns: `nil` while some do not exist yet.
    /// - Throws: When counts differ, which no assignor could keep together.
    func inputPartitionCount(_ counts: [String: Int32]) throws(EngineError) -> Int32? {
        guard missingInputs(counts).isEmpty else { return nil }
        let known = settings.inputTopics.compactMap { name in counts[name].map { (name, $0) } }
        guard let first = known.first else {
            // Only what a router is going to write, into as many partitions as it reads at most.
            return settings.routedTopics.compactMap { counts[$0] }.max()
        }
        if known.allSatisfy({ $0.1 == first.1 }) { return first.1 }
        let words = known.map { "\($0.0) has \($0.1)" }.joined(separator: ", ")
        throw .topics([
            "input topics must have equal partition counts so that a customer's events meet: \(words); "
                + "create them anew with equal counts, all keyed by customer"
        ])
    }

    /// Input topics that do not exist.
    func missingInputs(_ counts: [String: Int32]) -> [String] {
        let made = settings.routed.isEmpty ? nil : settings.topics.events
        return (settings.inputTopics + settings.routedTopics).filter { counts[$0] == nil && $0 != made }
    }

    /// The topics that the engine writes, as it creates them.
    func outputs(partitionCount: Int32) -> [KafkaTopicSpecification] {
        let topics = settings.topics
        let isCompacted: KafkaProperties = [TopicReview.policySetting: "compact"]
        let routed =
            settings.routed.isEmpty
            ? [] : [KafkaTopicSpecification(name: topics.events, partitionCount: partitionCount)]
        // Whoever is forgotten is in no record that compaction leaves, and compaction must not wait for long.
        let state = settings.snapshots?.topic.map {
            KafkaTopicSpecification(
                name: $0, partitionCount: partitionCount,
                settings: [TopicReview.policySetting: "compact", "max.compaction.lag.ms": "86400000"])
        }
        return routed + [state].compactMap(\.self) + [
            KafkaTopicSpecification(name: topics.changes, partitionCount: partitionCount),
            KafkaTopicSpecification(
                name: topics.segments, partitionCount: partitionCount, settings: isCompacted),
            KafkaTopicSpecification(name: topics.deadLetters, partitionCount: partitionCount),
            KafkaTopicSpecification(name: topics.summaries, partitionCount: 1),
            KafkaTopicSpecification(name: topics.model, partitionCount: 1, settings: isCompacted),
            KafkaTopicSpecification(name: topics.alerts, partitionCount: 1),
        ]
    }

    /// Outputs that have a record in the partition of the input that it comes from.
    private var placedOutputs: [String] {
        [settings.topics.changes, settings.topics.segments, settings.snapshots?.topic].compactMap(\.self)
    }

    /// - Throws: When outputs have too few partitions for the inputs' numbers.
    func checkOutputs(_ counts: [String: Int32], inputPartitionCount: Int32) throws(EngineError) {
        let faults = placedOutputs.compactMap {
            tooFewPartitions(of: $0, counts, inputPartitionCount: inputPartitionCount)
        }
        if !faults.isEmpty { throw .topics(faults) }
    }

    /// What is wrong with an output whose partitions are to be those of the input; `nil` if nothing is.
    func tooFewPartitions(
        of name: String, _ counts: [String: Int32], inputPartitionCount: Int32
    ) -> String? {
        let count = counts[name] ?? 0
        guard placedOutputs.contains(name), count < inputPartitionCount else { return nil }
        return
            "topic \(name) has \(count) partitions but needs \(inputPartitionCount), as many as the input; "
            + "raise its count, or delete it and let Shoal create it"
    }
}
