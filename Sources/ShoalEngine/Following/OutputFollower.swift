/// A record of the topic of changes, copied.
package struct FollowedChange: Sendable {
    package let customer: [UInt8]
    package let value: [UInt8]

    package init(customer: [UInt8], value: [UInt8]) {
        self.customer = customer
        self.value = value
    }
}

/// Whoever wants to hear of changes and alerts of the whole deployment, as Kafka has them.
package protocol OutputFollower: Sendable {
    /// Of how many changes anybody wants to be told now, in bytes of their JSON; 0 while nobody listens, and
    /// alerts are always told.
    var changeBytesPerSecond: Int { get }

    /// Changes that can be read, as the topic has them; called on the reader's thread.
    func receive(changes: [FollowedChange])

    /// Alerts that can be read, newest last.
    func receive(alerts: [[UInt8]])

    /// So many changes, at most, were not read between those received before and those to come.
    func passedOver(changes count: Int)

    /// From here on changes are not told until they are wanted again.
    func missedChanges()
}
