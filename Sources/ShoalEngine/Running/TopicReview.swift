package import ShoalKafka

/// The topics that a configuration needs, beside those that the brokers have.
package struct TopicReview: Sendable {
    /// One topic.
    package struct Row: Sendable {
        /// As it is to be.
        package let wanted: KafkaTopicSpecification
        /// Whether others write it and the engine reads it.
        package let isInput: Bool
        /// As it is; `nil` if there is none of this name.
        package let partitionCount: Int32?
        /// What it must not be as it is, and what to do about it.
        package let faults: [String]
    }

    /// The setting whose values decide what becomes of old records.
    package static let policySetting = "cleanup.policy"

    /// Inputs first, in the configuration's order.
    package let rows: [Row]

    package var missing: [KafkaTopicSpecification] {
        rows.filter { $0.partitionCount == nil }.map(\.wanted)
    }
    package var faults: [String] { rows.flatMap(\.faults) }

    /// - Parameters:
    ///   - settings: of the engine.
    ///   - counts: partitions of the topics that exist, by name.
    ///   - policies: asked for the `cleanup.policy` of the outputs that exist; by name, of those that tell.
    ///   - partitionCount: of the inputs where none of them exists yet; `nil` if that is not known.
    /// - Throws: If the inputs' counts differ from each other or from what is asked for, or nobody tells.
    package init(
        settings: EngineSettings, counts: [String: Int32], policies: ([String]) -> [String: String],
        partitionCount: Int32?
    ) throws(EngineError) {
        let check = TopicCheck(settings: settings)
        let count = try Self.inputCount(check, counts, asked: partitionCount)
        let outputs = check.outputs(partitionCount: count)
        let made = Set(outputs.map(\.name))
        let policies = policies(outputs.map(\.name).filter { counts[$0] != nil })
        let inputs = (settings.inputTopics + settings.routedTopics).filter { !made.contains($0) }
        rows =
            inputs.map { name in
                let wanted = KafkaTopicSpecification(name: name, partitionCount: count)
                return Row(wanted: wanted, isInput: true, partitionCount: counts[name], faults: [])
            }
            + outputs.map { wanted in
                let name = wanted.name
                let faults =
                    counts[name] == nil
                    ? []
                    : [
                        check.tooFewPartitions(of: name, counts, inputPartitionCount: count),
                        Self.policyFault(wanted, policies[name]),
                    ].compactMap(\.self)
                return Row(
                    wanted: wanted, isInput: false, partitionCount: counts[name], faults: faults)
            }
    }

    /// How many partitions the inputs have, or are to have.
    private static func inputCount(
        _ check: TopicCheck, _ counts: [String: Int32], asked: Int32?
    ) throws(EngineError) -> Int32 {
        let missing = check.missingInputs(counts)
        let known = check.settings.inputTopics.first { counts[$0] != nil }
        if let known, let asked, let found = counts[known], found != asked {
            throw .topics([
                "\(known) has \(found) partitions, not \(asked), and all inputs need the same number; "
                    + "leave --partitions out, or create it anew"
            ])
        }
        let found = known.flatMap { counts[$0] } ?? asked
        guard let wanted = found ?? check.settings.routedTopics.compactMap({ counts[$0] }).max() else {
            throw .topics([
                "no input topic exists yet (\(missing.joined(separator: ", "))); say how many partitions they "
                    + "are to have: --partitions 12"
            ])
        }
        var all = counts
        for name in missing { all[name] = wanted }
        return try check.inputPartitionCount(all) ?? wanted
    }

    private static func policyFault(_ wanted: KafkaTopicSpecification, _ policy: String?) -> String? {
        guard let policy else { return nil }
        let isCompacted = policy.split(separator: ",").contains("compact")
        let shouldBe = wanted.settings[policySetting] == "compact"
        guard isCompacted != shouldBe else { return nil }
        let remedy = shouldBe ? "compact" : "delete"
        let reason =
            shouldBe
            ? "what is current would go with its age" : "compaction removes all but the last of a key"
        return "topic \(wanted.name) has \(policySetting)=\(policy): \(reason); set it to \(remedy)"
    }
}
