internal import CRdKafka

/// A Kafka broker inside this process, for development and tests: librdkafka's mock cluster.
///
/// It keeps records in memory, at most 5 MiB per partition (older ones go first), creates topics on first
/// use with 4 partitions, and listens on loopback. It knows producers, idempotent and transactional,
/// groups and commits; it has no CreateTopics, no compaction, no retention by time and no read_committed
/// isolation, and refuses commits while a group rebalances, which Kafka takes until the members have
/// joined. Any client of this machine may connect.
package struct DevelopmentBroker: ~Copyable {
    /// `host:port` for every client; the broker's metadata names the same address.
    package let bootstrap: String

    private let client: KafkaClient
    private let cluster: MockCluster
    private let forwarder: PortForwarder?

    /// Starts the broker.
    ///
    /// The mock cluster lets the system choose its port, so a port of the caller's is served by a
    /// forwarder that rewrites the address in the broker's answers; all traffic then passes through it.
    ///
    /// - Parameters:
    ///   - port: `nil` takes a free one, without a forwarder.
    ///   - topics: Created at once; their settings and replication are ignored.
    ///   - events: Given the mock cluster's log lines.
    /// - Throws: When the port is taken or a topic is refused.
    package init(
        port: UInt16? = nil, topics: [KafkaTopicSpecification] = [],
        events: @escaping KafkaEventSink = { _ in }
    ) throws(KafkaError) {
        let client = try KafkaClient(
            RD_KAFKA_PRODUCER, properties: [:], context: KafkaClientContext(sink: events))
        let cluster = try MockCluster(client: client)
        for topic in topics { try cluster.createTopic(topic.name, partitionCount: topic.partitionCount) }
        let own = cluster.bootstrap
        if let port {
            guard let upstream = own.split(separator: ":").last.flatMap({ UInt16($0) }) else {
                throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, place: "start the broker", what: "address \(own)")
            }
            let forwarder = try PortForwarder(port: port, upstreamPort: upstream)
            bootstrap = "127.0.0.1:\(forwarder.port)"
            self.forwarder = forwarder
        } else {
            bootstrap = own
            forwarder = nil
        }
        self.client = client
        self.cluster = cluster
    }

    /// Creates a topic.
    ///
    /// - Throws: When it exists already or its name is refused.
    package func createTopic(_ name: String, partitionCount: Int32) throws(KafkaError) {
        try cluster.createTopic(name, partitionCount: partitionCount)
    }

    /// Drops all connections and refuses new ones, or takes connections again; records stay.
    package func setReachable(_ isReachable: Bool) throws(KafkaError) {
        try cluster.setReachable(isReachable)
    }

    /// Refuses the next requests to write, as a broker does whose access lists do not have the client.
    package func refuseWrites(count: Int) {
        cluster.refuseWrites(count: count, as: RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
    }

    /// Refuses the next request to write, as a broker does where another producer has taken over.
    package func fenceWriter() {
        cluster.refuseWrites(count: 1, as: RD_KAFKA_RESP_ERR_PRODUCER_FENCED)
    }

    /// Ends the broker and forgets its records.
    package consuming func close() {
        forwarder?.stop()
        cluster.destroy()
        client.close(isConsumer: false)
    }
}
