internal import CRdKafka

/// Owns librdkafka's mock cluster object.
///
/// Its functions may be called from any thread; each hands its
/// work to the cluster's own.
@safe final class MockCluster {
    private let client: KafkaClient
    private let pointer: OpaquePointer
    private var isDestroyed = false

    init(client: KafkaClient) throws(KafkaError) {
        guard let pointer = unsafe rd_kafka_mock_cluster_new(client.handle, 1) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, place: "start the broker")
        }
        self.client = client
        unsafe self.pointer = pointer
    }

    var bootstrap: String { unsafe text(rd_kafka_mock_cluster_bootstraps(pointer)) ?? "" }

    func createTopic(_ name: String, partitionCount: Int32) throws(KafkaError) {
        try unsafe KafkaError.check(
            rd_kafka_mock_topic_create(pointer, name, partitionCount, 1), handle: client.handle,
            place: "create topic `\(name)`")
    }

    func setReachable(_ isReachable: Bool) throws(KafkaError) {
        let everyBroker: Int32 = -1
        let outcome =
            unsafe isReachable
            ? rd_kafka_mock_broker_set_up(pointer, everyBroker)
            : rd_kafka_mock_broker_set_down(pointer, everyBroker)
        try unsafe KafkaError.check(outcome, handle: client.handle, place: "switch the broker")
    }

    /// Answers the next requests to produce with an error.
    func refuseWrites(count: Int, as error: rd_kafka_resp_err_t) {
        let produceAPIKey: Int16 = 0
        var errors = Array(repeating: error, count: count)
        // Safe: the cluster copies the codes.
        unsafe rd_kafka_mock_push_request_errors_array(pointer, produceAPIKey, count, &errors)
    }

    func destroy() {
        guard !isDestroyed else { return }
        isDestroyed = true
        unsafe rd_kafka_mock_cluster_destroy(pointer)
    }

    // The client is still alive here, because this object holds it.
    deinit { destroy() }
}
