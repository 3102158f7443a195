/// Turns repeated signs of the brokers' health into one "away" and one "back".
struct BrokerPresence {
    enum Change: Equatable { case none, away, back }
    private(set) var isAway = false
    /// The next statistics may have been begun before the last connection was lost.
    ///
    /// Another thread gathers them, and they may come after the word of the loss. Those after them were
    /// begun later.
    private var awaitsOldStatistics = false

    /// librdkafka reports "all brokers down" at every failed round of reconnecting.
    mutating func sawAllDown() -> Change {
        awaitsOldStatistics = true
        guard !isAway else { return .none }
        isAway = true
        return .away
    }

    /// Something came over a connection.
    mutating func sawAnswer() -> Change {
        guard isAway else { return .none }
        isAway = false
        return .back
    }

    /// Statistics came; `isUp`: with a connection that is up.
    mutating func sawStatistics(isUp: Bool) -> Change {
        guard !awaitsOldStatistics else {
            awaitsOldStatistics = false
            return .none
        }
        return isUp ? sawAnswer() : .none
    }
}
