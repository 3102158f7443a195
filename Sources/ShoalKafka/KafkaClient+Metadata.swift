internal import CRdKafka

extension KafkaClient {
    /// Partition counts of topics that exist, by name; an empty list asks for every topic.
    ///
    /// Blocks.
    ///
    /// - Throws: When no broker answers in time, or a topic's state is worse than missing.
    func partitionCounts(_ topics: [String], timeoutMilliseconds: Int32) throws(KafkaError) -> [String: Int32]
    {
        guard !topics.isEmpty else { return try metadata(of: nil, timeoutMilliseconds) }
        var counts: [String: Int32] = [:]
        // librdkafka asks for one topic or for all; a few round trips beat the list of a large cluster.
        for topic in topics { counts.merge(try metadata(of: topic, timeoutMilliseconds)) { $1 } }
        return counts
    }

    /// The ids of the brokers in the cluster.
    ///
    /// Blocks.
    ///
    /// - Throws: When no broker answers in time.
    func brokerIds(timeoutMilliseconds: Int32) throws(KafkaError) -> [Int32] {
        var answer: UnsafePointer<rd_kafka_metadata>?
        // Not all topics and no topic: the answer is then only the brokers.
        let outcome = unsafe rd_kafka_metadata(handle, 0, nil, &answer, timeoutMilliseconds)
        try unsafe KafkaError.check(outcome, handle: handle, place: "wait for a broker")
        guard let answer = unsafe answer else { return [] }
        defer { unsafe rd_kafka_metadata_destroy(answer) }
        // Safe: the answer holds `broker_cnt` brokers and is ours until destroyed.
        return unsafe (0..<Int(answer.pointee.broker_cnt)).map { unsafe answer.pointee.brokers[$0].id }
    }

    /// Whether one of the brokers is the controller, which alone creates topics.
    ///
    /// Blocks. A mock cluster names a controller that is none of its brokers.
    func hasController(timeoutMilliseconds: Int32) throws(KafkaError) -> Bool {
        let controller = unsafe rd_kafka_controllerid(handle, timeoutMilliseconds)
        return try brokerIds(timeoutMilliseconds: timeoutMilliseconds).contains(controller)
    }

    private func metadata(of topic: String?, _ timeoutMilliseconds: Int32) throws(KafkaError) -> [String:
        Int32]
    {
        let place = topic.map { "ask for topic `\($0)`" } ?? "ask for the topics"
        var topicHandle: OpaquePointer?
        if let topic {
            unsafe topicHandle = rd_kafka_topic_new(handle, topic, nil)
            guard unsafe topicHandle != nil else { throw KafkaError(rd_kafka_last_error(), place: place) }
        }
        defer { if let topicHandle = unsafe topicHandle { unsafe rd_kafka_topic_destroy(topicHandle) } }
        var answer: UnsafePointer<rd_kafka_metadata>?
        let outcome = unsafe rd_kafka_metadata(
            handle, topic == nil ? 1 : 0, topicHandle, &answer, timeoutMilliseconds)
        try unsafe KafkaError.check(outcome, handle: handle, place: place)
        guard let answer = unsafe answer else { return [:] }
        defer { unsafe rd_kafka_metadata_destroy(answer) }
        var counts: [String: Int32] = [:]
        // Safe: the answer holds `topic_cnt` topics and is ours until destroyed.
        for index in 0..<(unsafe Int(answer.pointee.topic_cnt)) {
            let entry = unsafe answer.pointee.topics[index]
            let code = unsafe entry.err
            if code == RD_KAFKA_RESP_ERR_NO_ERROR {
                unsafe counts[text(entry.topic) ?? ""] = entry.partition_cnt
            } else if code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                code != RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE
            {
                // LEADER_NOT_AVAILABLE is what a topic says while it is being created.
                throw KafkaError(code, place: place)
            }
        }
        return counts
    }
}
