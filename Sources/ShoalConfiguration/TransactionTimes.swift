/// How long a transaction, its requests, and its consumer's session and polls may take, in milliseconds.
///
/// They must keep an order, or hung work outlives the right to do it. Where librdkafka's defaults break that
/// order, as 60 s for a transaction in a session of 45 s, Shoal has others.
package struct TransactionTimes: Equatable, Sendable {
    package static let transactionName = "transaction.timeout.ms"
    package static let requestName = "socket.timeout.ms"
    static let sessionName = "session.timeout.ms"
    static let pollName = "max.poll.interval.ms"
    static let messageName = "message.timeout.ms"

    /// The broker aborts a transaction that takes longer.
    package let transaction: Int64
    /// A request without an answer is given up after so long.
    package let request: Int64
    /// The group takes a silent member's partitions after so long.
    let session: Int64
    /// A member must poll this often.
    let poll: Int64

    /// A commit may come late, and must still find its transaction alive.
    static let commitsPerTransaction: Int64 = 4
    /// Between two polls there may be a commit that takes as long as a transaction, an abort likewise, and a
    /// batch.
    static let transactionsPerPoll: Int64 = 3
    /// librdkafka's own bound between a request and its transaction.
    private static let requestMarginMilliseconds: Int64 = 100

    /// The times that hold with these properties of librdkafka; what they leave out keeps the order.
    package init(properties: [String: String]) {
        func written(_ name: String) -> Int64? { properties[name].flatMap { Int64($0) } }
        let session = written(Self.sessionName) ?? 30_000
        let transaction = written(Self.transactionName) ?? min(10_000, session * 5 / 6)
        self.session = session
        self.transaction = transaction
        request = written(Self.requestName) ?? min(5_000, transaction / 2)
        poll = written(Self.pollName) ?? 120_000
    }

    /// Records what breaks the order.
    ///
    /// - Parameters:
    ///   - properties: librdkafka's, as they were written.
    ///   - commitInterval: as it was written, and its value.
    func check(_ properties: [String: Setting], commitInterval: (setting: Setting?, milliseconds: Int64)) {
        if transaction >= session, let setting = properties[Self.transactionName] {
            setting.fault(
                "\(transaction) ms is not below \(Self.sessionName) (\(session) ms): a hung transaction would "
                    + "outlive its partitions",
                "write at most \(session * 5 / 6), or raise \(Self.sessionName)")
        }
        let requestMax = transaction - Self.requestMarginMilliseconds
        if request > requestMax, let setting = properties[Self.requestName] {
            setting.fault(
                "\(request) ms is not 100 ms below \(Self.transactionName) (\(transaction) ms)",
                "write at most \(requestMax)")
        }
        if let setting = properties[Self.messageName], let message = setting.integerText,
            message <= 0 || message >= transaction
        {
            setting.fault(
                "records must be given up within their transaction (\(transaction) ms)",
                "write less than \(transaction), or leave it out")
        }
        if poll < Self.transactionsPerPoll * transaction,
            let setting = properties[Self.pollName] ?? properties[Self.transactionName]
        {
            setting.fault(
                "\(Self.pollName) (\(poll) ms) is below three times \(Self.transactionName) (\(transaction) ms): "
                    + "a lane cannot poll while it commits",
                "write \(Self.pollName): \(Self.transactionsPerPoll * transaction)")
        }
        if Self.commitsPerTransaction * commitInterval.milliseconds > transaction,
            let setting = commitInterval.setting
        {
            setting.fault(
                "is more than a quarter of kafka.\(Self.transactionName) (\(transaction) ms): transactions would "
                    + "time out",
                "write at most \(transaction / Self.commitsPerTransaction)ms")
        }
    }
}

extension Setting {
    /// The whole number that is written; `nil` for anything else, which librdkafka judges.
    fileprivate var integerText: Int64? {
        guard case .scalar(let text, _) = node.content else { return nil }
        return Int64(text)
    }
}
