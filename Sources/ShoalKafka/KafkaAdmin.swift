internal import CRdKafka

/// Looks at and creates topics; for start-up, not for the hot path.
///
/// Its calls block.
package struct KafkaAdmin: ~Copyable {
    let client: KafkaClient
    private let context: KafkaClientContext

    /// Starts a client for administration; no broker is needed yet.
    ///
    /// - Throws: When a property is refused; the error names it.
    package init(properties: KafkaProperties, events: @escaping KafkaEventSink) throws(KafkaError) {
        var properties = properties
        properties.setDefaults(["log.connection.close": "false", "socket.timeout.ms": "5000"])
        let context = KafkaClientContext(sink: events)
        let client = try KafkaClient(RD_KAFKA_PRODUCER, properties: properties, context: context)
        self.context = context
        self.client = client
    }

    package consuming func close() { client.close(isConsumer: false) }

    /// Returns when a broker answers.
    ///
    /// - Throws: When none does in time.
    package func waitForBroker(timeoutMilliseconds: Int32) throws(KafkaError) {
        defer { unsafe rd_kafka_poll(client.handle, 0) }
        _ = try client.brokerIds(timeoutMilliseconds: timeoutMilliseconds)
        context.sawAnswer()
    }

    /// Whether the broker is librdkafka's mock cluster, as `DevelopmentBroker` is: it takes transactions but
    /// forgets the offsets in them.
    ///
    /// Told by its cluster's id, which starts with `mockCluster`.
    package func isMockCluster(timeoutMilliseconds: Int32) -> Bool {
        clusterID(timeoutMilliseconds: timeoutMilliseconds)?.hasPrefix("mockCluster") == true
    }

    /// What the cluster calls itself; `nil` if it does not say.
    package func clusterID(timeoutMilliseconds: Int32) -> String? {
        guard let id = unsafe rd_kafka_clusterid(client.handle, timeoutMilliseconds) else { return nil }
        // Safe: the text is ours until freed.
        defer { unsafe rd_kafka_mem_free(client.handle, id) }
        return unsafe text(id)
    }

    /// Partition counts by topic of those topics that exist; no names means every topic.
    ///
    /// A broker that creates topics on first use may create the ones named here.
    package func partitionCounts(
        _ topics: [String] = [], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [String: Int32] {
        defer { unsafe rd_kafka_poll(client.handle, 0) }
        return try client.partitionCounts(topics, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Creates the topics that are missing and returns the partition counts of all of them.
    ///
    /// An existing topic is left as it is, whatever its count. Where the broker cannot create topics on
    /// request, they come into being on first use with the broker's own count, so compare.
    ///
    /// - Throws: When a topic can be neither found nor created; the error names it.
    package func ensureTopics(
        _ topics: [KafkaTopicSpecification], timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [String: Int32] {
        let existing = try partitionCounts(timeoutMilliseconds: timeoutMilliseconds)
        let missing = topics.filter { existing[$0.name] == nil }
        if !missing.isEmpty {
            do {
                try create(missing, timeoutMilliseconds: timeoutMilliseconds)
            } catch  where error.isUnsupported {
                // Asking for a topic is its first use; that is all such a broker offers.
            }
        }
        return try counts(of: topics.map(\.name), timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Asks until every topic is known, since a fresh topic takes the cluster a moment to announce.
    private func counts(of names: [String], timeoutMilliseconds: Int32) throws(KafkaError) -> [String: Int32]
    {
        let pauseMilliseconds: Int32 = 50
        var turnsLeft = max(1, timeoutMilliseconds / pauseMilliseconds)
        while true {
            let counts = try partitionCounts(names, timeoutMilliseconds: timeoutMilliseconds)
            guard let absent = names.first(where: { counts[$0, default: 0] <= 0 }) else { return counts }
            turnsLeft -= 1
            guard turnsLeft > 0 else {
                throw KafkaError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, place: "create topic `\(absent)`")
            }
            unsafe rd_kafka_poll(client.handle, pauseMilliseconds)
        }
    }

    /// - Throws: Also when no broker is the controller, as in a mock cluster (`isUnsupported`).
    private func create(
        _ topics: [KafkaTopicSpecification], timeoutMilliseconds: Int32
    ) throws(KafkaError) {
        guard try client.hasController(timeoutMilliseconds: timeoutMilliseconds) else {
            throw KafkaError(RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE, place: "create topics")
        }
        var requests: [OpaquePointer?] = unsafe []
        defer { for index in unsafe requests.indices { unsafe rd_kafka_NewTopic_destroy(requests[index]) } }
        for topic in topics { unsafe requests.append(try request(topic)) }
        let event = try unsafe answer(
            to: RD_KAFKA_ADMIN_OP_CREATETOPICS, place: "create topics",
            timeoutMilliseconds: timeoutMilliseconds
        ) { options, queue in
            unsafe rd_kafka_CreateTopics(client.handle, &requests, requests.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        var count = 0
        guard let result = unsafe rd_kafka_event_CreateTopics_result(event),
            let answers = unsafe rd_kafka_CreateTopics_result_topics(result, &count)
        else { return }
        // Safe: `count` answers live as long as the event.
        for index in 0..<count {
            let answer = unsafe answers[index]
            let code = unsafe rd_kafka_topic_result_error(answer)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS {
                continue
            }
            throw KafkaError(
                code, place: "create topic `\(unsafe text(rd_kafka_topic_result_name(answer)) ?? "")`",
                what: unsafe text(rd_kafka_topic_result_error_string(answer)))
        }
    }

    private func request(_ topic: KafkaTopicSpecification) throws(KafkaError) -> OpaquePointer {
        let (created, reason) = unsafe withErrorText { buffer, capacity in
            unsafe rd_kafka_NewTopic_new(
                topic.name, topic.partitionCount, topic.replicationFactor, buffer, capacity)
        }
        guard let created = unsafe created else {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__INVALID_ARG, place: "create topic `\(topic.name)`", what: reason)
        }
        for name in topic.settings.names {
            unsafe rd_kafka_NewTopic_set_config(created, name, topic.settings[name])
        }
        return unsafe created
    }
}
