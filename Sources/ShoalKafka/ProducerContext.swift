internal import CRdKafka

/// Counts a producer's delivery reports.
final class ProducerContext: KafkaClientContext {
    var deliveredCount = 0
    var failedCount = 0
    /// The first failure since it was last taken.
    var firstFailure: KafkaError?

    override func install(in configuration: OpaquePointer) {
        unsafe super.install(in: configuration)
        unsafe rd_kafka_conf_set_dr_msg_cb(configuration) { client, message, opaque in
            guard let message = unsafe message, let context = unsafe ProducerContext.of(opaque) else {
                return
            }
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
