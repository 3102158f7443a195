/// Turns repeated signs of the brokers' health into one "away" and one "back".
struct BrokerPresence {
    enum Change: Equatable { case none, away, back }
    private(set) var isAway = false

    /// librdkafka reports "all brokers down" at every failed round of reconnecting.
    mutating func sawAllDown() -> Change {
        guard !isAway else { return .none }
        isAway = true
        return .away
    }

    /// A connection is up, or something came over one.
    mutating func sawAnswer() -> Change {
        guard isAway else { return .none }
        isAway = false
        return .back
    }
}
