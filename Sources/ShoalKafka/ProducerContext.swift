internal import CRdKafka
internal import Glibc
internal import Synchronization

/// Counts a producer's delivery reports, and its connections that have ended.
final class ProducerContext: KafkaClientContext {
    var deliveredCount = 0
    var failedCount = 0
    /// Records on their way, by the group that they count to: what was produced before the newest mark, and
    /// since.
    var outstanding: InlineArray<2, Int> = [0, 0]
    /// Of records produced now; the other group is that before the mark.
    var group = 0
    /// Counted on librdkafka's threads, before what was on its way is sent again.
    private let closedConnections = Atomic<Int>(0)
    var closedConnectionCount: Int { closedConnections.load(ordering: .relaxed) }
    /// The first failure since it was last taken.
    var firstFailure: KafkaError?

    override func install(in configuration: OpaquePointer) {
        unsafe super.install(in: configuration)
        unsafe rd_kafka_conf_set_closesocket_cb(configuration) { socket, opaque in
            if let context = unsafe ProducerContext.of(opaque) {
                context.closedConnections.add(1, ordering: .relaxed)
            }
            return close(socket)
        }
        unsafe rd_kafka_conf_set_dr_msg_cb(configuration) { client, message, opaque in
            guard let message = unsafe message, let context = unsafe ProducerContext.of(opaque) else {
                return
            }
            context.outstanding[unsafe message.pointee._private == nil ? 0 : 1] -= 1
            let code = unsafe message.pointee.err
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else {
                context.deliveredCount += 1
                context.sawAnswer()
                return
            }
            context.failedCount += 1
            guard context.firstFailure == nil, let client = unsafe client else { return }
            let topic = unsafe message.pointee.rkt.flatMap { unsafe text(rd_kafka_topic_name($0)) } ?? ""
            context.firstFailure = unsafe KafkaError.of(
                code, handle: client, place: "deliver to \(topic)[\(message.pointee.partition)]")
        }
    }
}
