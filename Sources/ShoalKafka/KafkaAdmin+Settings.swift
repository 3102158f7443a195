internal import CRdKafka

extension KafkaAdmin {
    /// A setting of topics, such as `cleanup.policy`, as the brokers have it.
    ///
    /// Blocks.
    ///
    /// - Parameters:
    ///   - name: of the setting.
    ///   - topics: that exist.
    ///   - timeoutMilliseconds: for the broker's answer.
    /// - Returns: by topic; without those whose setting the broker does not tell.
    /// - Throws: When no broker answers in time, or it cannot describe topics (`isUnsupported`).
    package func setting(
        _ name: String, ofTopics topics: [String], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [String: String] {
        guard !topics.isEmpty else { return [:] }
        // A mock cluster, which has no controller, never answers to this.
        guard try client.hasController(timeoutMilliseconds: timeoutMilliseconds) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, place: "describe topics")
        }
        var requests: [OpaquePointer?] = unsafe topics.map { topic in
            unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        }
        defer {
            for index in unsafe requests.indices { unsafe rd_kafka_ConfigResource_destroy(requests[index]) }
        }
        let event = try unsafe answer(
            to: RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, place: "describe topics",
            timeoutMilliseconds: timeoutMilliseconds
        ) { options, queue in
            unsafe rd_kafka_DescribeConfigs(client.handle, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        var count = 0
        guard let result = unsafe rd_kafka_event_DescribeConfigs_result(event),
            let answers = unsafe rd_kafka_DescribeConfigs_result_resources(result, &count)
        else { return [:] }
        var values: [String: String] = [:]
        // Safe: `count` answers live as long as the event.
        for index in 0..<count {
            guard let topic = unsafe text(rd_kafka_ConfigResource_name(answers[index])) else { continue }
            values[topic] = unsafe Self.value(name, of: answers[index])
        }
        return values
    }

    private static func value(_ name: String, of resource: OpaquePointer?) -> String? {
        var count = 0
        guard let entries = unsafe rd_kafka_ConfigResource_configs(resource, &count) else { return nil }
        // Safe: `count` entries live as long as their resource.
        for index in 0..<count where unsafe text(rd_kafka_ConfigEntry_name(entries[index])) == name {
            return unsafe text(rd_kafka_ConfigEntry_value(entries[index]))
        }
        return nil
    }

    /// Sends a request and waits for what the brokers say to it as a whole.
    ///
    /// - Parameters:
    ///   - operation: the kind of request.
    ///   - place: what is done, for errors.
    ///   - timeoutMilliseconds: for the broker's answer.
    ///   - send: hands the request over, with options and the queue for the answer.
    /// - Returns: the answer, to be destroyed.
    /// - Throws: When the request as a whole failed, or nobody answered.
    func answer(
        to operation: rd_kafka_admin_op_t, place: String, timeoutMilliseconds: Int32,
        _ send: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let queue = unsafe rd_kafka_queue_new(client.handle)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        let options = unsafe rd_kafka_AdminOptions_new(client.handle, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        let (_, _) = unsafe withErrorText { buffer, capacity in
            unsafe rd_kafka_AdminOptions_set_request_timeout(options, timeoutMilliseconds, buffer, capacity)
        }
        unsafe send(options, queue)
        // librdkafka always answers within the request's timeout; the margin only covers its thread.
        guard let event = unsafe rd_kafka_queue_poll(queue, timeoutMilliseconds + 5_000) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, place: place)
        }
        let outcome = unsafe rd_kafka_event_error(event)
        guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let what = unsafe text(rd_kafka_event_error_string(event))
            unsafe rd_kafka_event_destroy(event)
            throw KafkaError(outcome, place: place, what: what)
        }
        return unsafe event
    }
}
