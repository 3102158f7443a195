/// Names a topic of one producer; get it once from `KafkaProducer.topic(_:)`, then use it per record.
package struct KafkaTopicHandle: Sendable {
    let index: Int
}
