/// A topic as it should be created.
package struct KafkaTopicSpecification: Sendable, Equatable {
    package let name: String
    package let partitionCount: Int32
    /// -1 takes the broker's default.
    package let replicationFactor: Int32
    /// Topic settings such as `cleanup.policy`, in order.
    package let settings: KafkaProperties

    package init(
        name: String, partitionCount: Int32, replicationFactor: Int32 = -1, settings: KafkaProperties = [:]
    ) {
        self.name = name
        self.partitionCount = partitionCount
        self.replicationFactor = replicationFactor
        self.settings = settings
    }
}
