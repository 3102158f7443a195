internal import CRdKafka

/// Reads partitions, as a member of a group or on its own; used by one thread.
///
/// Nothing is committed, and no offset is stored, unless asked: offsets to commit are the caller's own.
/// Rebalances are reported by `poll` on the polling thread and take effect when they are answered, so
/// the caller finishes and commits in between. `max.poll.interval.ms` bounds the time to answer.
package struct KafkaConsumer: ~Copyable {
    let client: KafkaClient
    let context: ConsumerContext
    private let registry: TopicRegistry
    let batch: MessageBatch

    /// Properties used unless others are given.
    ///
    /// The prefetch holds 2 s of 150,000 records of 400 bytes a second for each consumer, because librdkafka
    /// before 2.2 lets a full one rest for a second; see `promptPrefetch`. Sessions outlive
    /// a transaction, and a poll interval outlives both, so that hung work dies before its partitions move.
    package static let defaultProperties: KafkaProperties = [
        "isolation.level": "read_committed",
        "check.crcs": "true",
        "auto.offset.reset": "earliest",
        "queued.min.messages": "300000",
        "queued.max.messages.kbytes": "122880",
        "session.timeout.ms": "30000",
        "max.poll.interval.ms": "120000",
        "socket.timeout.ms": "5000",
        "socket.keepalive.enable": "true",
        "statistics.interval.ms": "1000",
        "log.connection.close": "false",
    ]

    /// Since 2.2: how long a full prefetch rests before it fetches again.
    private static let prefetchRest: KafkaProperties = ["fetch.queue.backoff.ms": "20"]
    /// Where a full prefetch rests so briefly, 0.2 s of records are enough, and records that were fetched
    /// just now are still in the processor's cache when they are read.
    private static let promptPrefetch: KafkaProperties = ["queued.min.messages": "30000"]

    /// Properties whose other values would break promises; giving another value is refused.
    ///
    /// `range` keeps equal partition numbers of several topics on one member.
    package static let requiredProperties: KafkaProperties = [
        "enable.auto.commit": "false",
        "enable.auto.offset.store": "false",
        "partition.assignment.strategy": "range",
    ]

    /// Starts a consumer; no broker is needed yet.
    ///
    /// - Parameters:
    ///   - group: The consumer group; `nil` for a reader that only assigns and never commits.
    ///   - properties: librdkafka's, with `bootstrap.servers`.
    ///   - events: Told of the brokers' health and of log lines; see `KafkaClientEvent`.
    /// - Throws: When a property is refused; the error names it.
    package init(
        group: String?, properties: KafkaProperties, events: @escaping KafkaEventSink
    ) throws(KafkaError) {
        var properties = properties
        try properties.fix(Self.requiredProperties)
        properties.setKnownDefaults(Self.prefetchRest)
        if Self.prefetchRest.names.allSatisfy({ properties[$0] != nil }) {
            properties.setDefaults(Self.promptPrefetch)
        }
        properties.setDefaults(Self.defaultProperties)
        properties.setKnownDefaults(KafkaClient.knownDefaults)
        // librdkafka wants a group even from readers without one; it is never joined nor committed to.
        properties["group.id"] = group ?? "unused"
        let context = ConsumerContext(sink: events)
        let client = try KafkaClient(RD_KAFKA_CONSUMER, properties: properties, context: context)
        self.context = context
        self.client = client
        registry = TopicRegistry()
        unsafe rd_kafka_poll_set_consumer(client.handle)
        batch = MessageBatch(client: client)
    }

    /// Leaves the group, if in one, and frees the client; blocks on the broker for at most the session
    /// timeout.
    ///
    /// Whatever is to be committed must be committed before.
    package consuming func close() {
        context.events = []
        if context.awaiting != nil { unassign() }
        batch.close()
        client.close(isConsumer: true)
    }

    /// Topic names in the order in which they were first subscribed, assigned or seen; a record's
    /// `topicIndex` is an index into it and stays valid.
    package var topics: [String] { registry.names }

    /// Lends up to `limit` records to `body`, one by one, and returns early when an event happens or
    /// when no further record has arrived yet.
    ///
    /// Call it again and again, also while paused: it serves the group, the commits and the events.
    ///
    /// - Parameters:
    ///   - limit: At least 1.
    ///   - timeoutMilliseconds: How long to wait for the first record; the others must be there already.
    ///   - body: The record and its bytes die when it returns. When it throws, the record counts as
    ///     read and the error is passed on.
    /// - Returns: How many records were lent, and what happened after them.
    /// - Throws: What `body` throws.
    /// - Complexity: O(records). Does not allocate per record.
    package func poll<Failure: Error>(
        limit: Int, timeoutMilliseconds: Int32, _ body: (borrowing KafkaRecord) throws(Failure) -> Void
    ) throws(Failure) -> KafkaPollResult {
        if !context.events.isEmpty {
            return KafkaPollResult(recordCount: 0, event: context.events.removeFirst())
        }
        answerByDefault()
        var count = 0
        var timeout = timeoutMilliseconds
        while count < limit {
            guard let message = unsafe batch.take(timeoutMilliseconds: timeout, limit: limit - count) else {
                break
            }
            // Safe: the message is ours until destroyed, and the record lent from it cannot escape `body`.
            defer { unsafe rd_kafka_message_destroy(message) }
            guard unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
                unsafe context.events.append(event(of: message))
                break
            }
            timeout = 0
            count += 1
            let topicIndex = unsafe registry.index(of: message.pointee.rkt)
            try body(unsafe KafkaRecord(topicIndex: topicIndex, message: message))
        }
        if count > 0 { context.sawAnswer() }
        let event = context.events.isEmpty ? nil : context.events.removeFirst()
        return KafkaPollResult(recordCount: count, isFull: count == limit, event: event)
    }

    private func event(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> KafkaConsumerEvent {
        let code = unsafe message.pointee.err
        let topic = unsafe message.pointee.rkt.flatMap { unsafe text(rd_kafka_topic_name($0)) }
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF, let topic {
            let partition = unsafe KafkaTopicPartition(topic: topic, partition: message.pointee.partition)
            return .endOfPartition(unsafe KafkaPartitionOffset(partition, offset: message.pointee.offset))
        }
        let place = topic.map { "read topic `\($0)`" } ?? "read"
        if code == RD_KAFKA_RESP_ERR__FATAL {
            return .failed(unsafe KafkaError.of(code, handle: client.handle, place: place))
        }
        return .failed(KafkaError(code, place: place, what: unsafe text(rd_kafka_message_errstr(message))))
    }
}

extension KafkaConsumer {
    /// Joins the group for these topics; the partitions come as an `assigned` event.
    ///
    /// - Throws: When a name is not a topic name or the client is in a fatal state.
    package func subscribe(_ topics: [String]) throws(KafkaError) {
        for topic in topics { registry.add(topic) }
        let list = PartitionList(topics: topics)
        try unsafe KafkaError.check(
            rd_kafka_subscribe(client.handle, list.pointer), handle: client.handle,
            place: "subscribe to \(topics.joined(separator: ", "))")
    }

    /// Reads exactly these partitions from these offsets: the answer to `assigned`, or, for a reader
    /// without a group, the choice of what to read.
    ///
    /// Replaces what was assigned before.
    ///
    /// - Throws: When librdkafka refuses the assignment.
    package func assign(_ offsets: [KafkaPartitionOffset]) throws(KafkaError) {
        context.awaiting = nil
        for offset in offsets { registry.add(offset.partition.topic) }
        registry.forgetPointers()
        batch.forget()
        let list = PartitionList(offsets)
        try unsafe KafkaError.check(
            rd_kafka_assign(client.handle, list.pointer), handle: client.handle,
            place: "assign \(offsets.count) partitions")
    }

    /// Stops reading everything: the answer to `revoked` and `lost`.
    package func unassign() {
        context.awaiting = nil
        registry.forgetPointers()
        batch.forget()
        // Fails only in a fatal state, which is reported as an event of its own.
        unsafe rd_kafka_assign(client.handle, nil)
    }

    /// True while a rebalance waits for the answer to its event, which `poll` has reported or will.
    package var isRebalancing: Bool { context.awaiting != nil }

    /// True when the current assignment was taken away without asking.
    package var isAssignmentLost: Bool { unsafe rd_kafka_assignment_lost(client.handle) != 0 }

    private func answerByDefault() {
        switch context.awaiting {
        case .assign(let partitions):
            do {
                try assign(partitions.map { KafkaPartitionOffset($0, offset: KafkaPartitionOffset.stored) })
            } catch {
                context.events.append(.failed(error))
            }
        case .unassign: unassign()
        case nil: break
        }
    }
}
