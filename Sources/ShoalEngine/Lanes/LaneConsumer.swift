package import ShoalKafka

/// What a lane asks of its consumer: `KafkaConsumer`, or a simulated one whose broker lies in memory.
///
/// The requirements are those of `KafkaConsumer`, whose documentation holds. Lanes are generic over their
/// clients, and a build specialises them, so the simulation costs the real ones nothing.
protocol LaneConsumer: ~Copyable {
    /// A member's standing in its group, which goes along with a transaction's offsets.
    associatedtype Membership

    init(
        group: String?, properties: KafkaProperties, events: @escaping KafkaEventSink
    ) throws(KafkaError)

    var topics: [String] { get }
    var isRebalancing: Bool { get }

    func subscribe(_ topics: [String]) throws(KafkaError)
    func poll<Failure: Error>(
        limit: Int, timeoutMilliseconds: Int32, _ body: (borrowing KafkaRecord) throws(Failure) -> Void
    ) throws(Failure) -> KafkaPollResult
    func assign(_ offsets: [KafkaPartitionOffset]) throws(KafkaError)
    func unassign()
    func pause(_ partitions: [KafkaTopicPartition]) throws(KafkaError)
    func resume(_ partitions: [KafkaTopicPartition]) throws(KafkaError)
    func committed(
        _ partitions: [KafkaTopicPartition], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [KafkaTopicPartition: Int64]
    func watermarks(
        _ partition: KafkaTopicPartition, timeoutMilliseconds: Int32
    ) throws(KafkaError) -> Range<Int64>
    func cachedWatermarks(_ partition: KafkaTopicPartition) -> Range<Int64>?
    func groupMetadata() -> Membership?
    func commit(_ offsets: [KafkaPartitionOffset]) throws(KafkaError)
    func commitWithoutWaiting(_ offsets: [KafkaPartitionOffset]) throws(KafkaError)
    consuming func close()
}

extension KafkaConsumer: LaneConsumer {}
