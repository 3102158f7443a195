internal import CRdKafka

/// A producer's topic objects by number.
@safe final class ProducerTopics {
    private let client: KafkaClient
    private var entries: [(name: String, pointer: OpaquePointer)] = unsafe []

    init(client: KafkaClient) { self.client = client }

    func add(_ name: String) throws(KafkaError) -> Int {
        if let index = unsafe entries.firstIndex(where: { unsafe $0.name == name }) { return index }
        guard let pointer = unsafe rd_kafka_topic_new(client.handle, name, nil) else {
            throw KafkaError(rd_kafka_last_error(), place: "use topic `\(name)`")
        }
        unsafe entries.append((name, pointer))
        return unsafe entries.count - 1
    }

    func pointer(_ topic: KafkaTopicHandle) -> OpaquePointer { unsafe entries[topic.index].pointer }

    func name(_ topic: KafkaTopicHandle) -> String { unsafe entries[topic.index].name }

    /// Gives the topic objects back; must come before the client is freed.
    func release() {
        for index in unsafe entries.indices { unsafe rd_kafka_topic_destroy(entries[index].pointer) }
        unsafe entries = []
    }

    // The client is still alive here, because this object holds it.
    deinit { release() }
}
