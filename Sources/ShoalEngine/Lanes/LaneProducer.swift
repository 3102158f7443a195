package import ShoalKafka

/// What a lane asks of its producer, as `LaneConsumer` does.
protocol LaneProducer: ~Copyable {
    associatedtype Membership

    init(
        properties: KafkaProperties, queueFullWaitMillisecondsMax: Int, events: @escaping KafkaEventSink
    ) throws(KafkaError)

    var outstandingCount: Int { get }
    var closedConnectionCount: Int { get }
    var hasReachedMark: Bool { get }

    func topic(_ name: String) throws(KafkaError) -> KafkaTopicHandle
    func produce(
        to topic: KafkaTopicHandle, partition: Int32?, key: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer?
    ) throws(KafkaError)
    func produce(
        to topic: KafkaTopicHandle, partition: Int32?, key: Span<UInt8>?, value: Span<UInt8>?,
        headers: [KafkaHeader], timestampMilliseconds: Int64?
    ) throws(KafkaError)
    func poll(timeoutMilliseconds: Int32)
    func flush(timeoutMilliseconds: Int32) throws(KafkaError)
    func mark()
    func throwDeliveryFailure() throws(KafkaError)
    func initialiseTransactions(timeoutMilliseconds: Int32) throws(KafkaError)
    func beginTransaction() throws(KafkaError)
    func sendOffsets(
        _ offsets: [KafkaPartitionOffset], membership: Membership, timeoutMilliseconds: Int32
    ) throws(KafkaError)
    func commitTransaction(timeoutMilliseconds: Int32) throws(KafkaError)
    func abortTransaction(timeoutMilliseconds: Int32) throws(KafkaError)
    consuming func close()
}

extension LaneProducer where Self: ~Copyable {
    func poll() { poll(timeoutMilliseconds: 0) }
}

extension KafkaProducer: LaneProducer {}
