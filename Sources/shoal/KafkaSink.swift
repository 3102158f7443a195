internal import Foundation
internal import ShoalKafka
internal import ShoalSimulator

/// Writes events to a Kafka topic, keyed by customer, the record's time being that of the event's arrival.
struct KafkaSink: SimulationSink, ~Copyable {
    private static let flushMilliseconds: Int32 = 60_000

    private let producer: KafkaProducer
    private let topic: KafkaTopicHandle
    private let target: String
    private var buffer: [UInt8] = []

    init(bootstrap: String, topic: String) throws {
        let properties = KafkaProperties(bootstrap: bootstrap)
        let producer = try KafkaProducer(properties: properties) { Self.report($0) }
        self.topic = try producer.topic(topic)
        self.producer = producer
        target = "kafka://\(bootstrap)/\(topic)"
    }

    mutating func write(_ count: Int, from simulator: inout ShopSimulator) throws -> Bool {
        for _ in 0..<count {
            buffer.removeAll(keepingCapacity: true)
            guard let event = simulator.append(to: &buffer) else { return false }
            let bytes = buffer.span
            try producer.produce(
                to: topic, key: bytes.extracting(event.identifier), value: bytes.extracting(event.bytes),
                headers: [], timestampMilliseconds: event.arrivalMilliseconds)
        }
        producer.poll()
        try producer.throwDeliveryFailure()
        return true
    }

    /// Says when the brokers go and come back; the client keeps trying meanwhile.
    private static func report(_ event: KafkaClientEvent) {
        switch event {
        case .brokersAway(let error), .fatal(let error): StandardError.write("\(error)")
        case .brokersBack: StandardError.write("brokers are back")
        case .trouble, .log, .statistics: break
        }
    }

    mutating func finish() throws {
        try producer.flush(timeoutMilliseconds: Self.flushMilliseconds)
        StandardError.write("\(producer.deliveredCount) events sent to \(target)")
    }
}
