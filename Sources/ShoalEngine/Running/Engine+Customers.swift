internal import ShoalKafka

extension Engine {
    /// Asks the lane that keeps a customer's profile what it knows.
    ///
    /// Where records were seen on other partitions than their keys', all lanes of this process are asked.
    ///
    /// - Parameters:
    ///   - customer: the id's bytes.
    ///   - answer: called once, on any thread; must return at once.
    package func lookUp(_ customer: [UInt8], answer: @escaping @Sendable (CustomerAnswer) -> Void) {
        let (boards, partitionCount) = (boards, partitionCount)
        guard partitionCount > 0, !boards.isEmpty, !customer.isEmpty else { return answer(.unavailable) }
        let partition = KafkaPlacement.partition(of: customer.span, partitionCount: partitionCount)
        let statuses = boards.map(\.status)
        if statuses.contains(where: { $0.misplacedRecords > 0 }) {
            return Self.ask(boards[...], about: customer, partition: partition, answer)
        }
        switch CustomerPlace(of: partition, among: statuses) {
        case .lane(let owner):
            boards[owner].inbox.ask(
                LaneInbox.Question(customer: customer, partition: partition, answer: answer))
        case .undecided: answer(.recovering)
        case .elsewhere: answer(.elsewhere(partition: partition))
        }
    }

    /// Asks one lane after the other, until one knows the customer.
    private static func ask(
        _ boards: ArraySlice<LaneBoard>, about customer: [UInt8], partition: Int32,
        _ answer: @escaping @Sendable (CustomerAnswer) -> Void
    ) {
        guard let board = boards.first else { return answer(.unknown) }
        let question = LaneInbox.Question(customer: customer, partition: nil) { given in
            if case .unknown = given {
                ask(boards.dropFirst(), about: customer, partition: partition, answer)
            } else {
                answer(given)
            }
        }
        board.inbox.ask(question)
    }

    /// Where the process answers that has a partition of the input, as it told the group; `nil` if that is
    /// not known.
    ///
    /// Blocks on the broker now and then.
    package func address(ofPartition partition: Int32) -> String? {
        peers.address(ofPartition: partition, shared.settings, now: SystemClock.monotonicMilliseconds)
    }

    /// Asks whichever process keeps a customer to erase them: a `forget` event, as `shoal forget` sends it.
    ///
    /// Blocks on the broker.
    ///
    /// - Throws: `EngineError` if no source reads canonical events, or the broker does not take it.
    package func erase(_ customer: [UInt8]) throws(EngineError) {
        let settings = shared.settings
        let request = try ErasureRequest(
            sources: settings.sources, eventsTopic: settings.topics.events, kafka: settings.kafka)
        try request.send(customer)
    }
}
