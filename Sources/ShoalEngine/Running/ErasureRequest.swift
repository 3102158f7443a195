internal import Foundation
package import ShoalCore
package import ShoalKafka

/// Sends the `forget` event of a customer into the partition of the customer's other events.
package struct ErasureRequest {
    private static let flushMilliseconds: Int32 = 30_000

    /// Where it goes: the first topic of canonical events.
    package let topic: String
    private let kafka: KafkaProperties

    /// - Parameters:
    ///   - sources: what lanes read.
    ///   - eventsTopic: what to name if none of them will do.
    ///   - kafka: librdkafka's properties, with `bootstrap.servers`.
    /// - Throws: `EngineError` if none of the sources reads canonical events, which a `forget` is.
    package init(
        sources: [SourceMapping], eventsTopic: String, kafka: KafkaProperties
    ) throws(EngineError) {
        guard let topic = sources.first(where: Self.isCanonical)?.topics.first else {
            throw .topics([
                "sources: none reads canonical events, which a `forget` is; add {name: control, topics: "
                    + "[\(eventsTopic)]} with as many partitions as the others"
            ])
        }
        self.topic = topic
        self.kafka = kafka
    }

    /// Whether a source reads events as they are specified.
    private static func isCanonical(_ source: SourceMapping) -> Bool {
        var canonical = SourceMapping.canonical(topics: source.topics)
        canonical.name = source.name
        return source == canonical
    }

    /// Sends it and waits until the broker has it.
    ///
    /// - Parameter customer: the id's bytes, UTF-8.
    /// - Throws: `EngineError` if the broker does not take it.
    package func send(_ customer: [UInt8]) throws(EngineError) {
        var event = Array(#"{"type":"forget","customer_id":""#.utf8)
        event += OutputBuffer.escaped(customer)
        event += Array(#""}"#.utf8)
        do throws(KafkaError) {
            let producer = try KafkaProducer(properties: kafka, events: { _ in })
            try producer.produce(to: try producer.topic(topic), key: customer.span, value: event.span)
            try producer.flush(timeoutMilliseconds: Self.flushMilliseconds)
            producer.close()
        } catch {
            throw .kafka(part: topic, error)
        }
    }
}
