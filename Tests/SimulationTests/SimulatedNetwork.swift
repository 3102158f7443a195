import ShoalCore

/// What becomes of requests, from a seed.
struct SimulatedNetwork {
    enum Fate { case answered, requestLost, replyLost }

    /// Whether clients are left in the dark about requests that were sent twice.
    var hidesLosses = false
    private var generator: SeededGenerator
    /// Chance that a request or its reply is lost.
    var lossRate = 0.0
    /// Chance that a request to end a transaction arrives a second time, later.
    var strayRate = 0.0

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func fate() -> Fate {
        guard generator.nextUnit() < lossRate else { return .answered }
        return generator.nextUnit() < 0.5 ? .requestLost : .replyLost
    }

    mutating func isStray() -> Bool { generator.nextUnit() < strayRate }

    /// A whole number in a range.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(generator.next() % UInt64(range.count))
    }
}
