/// Waits that double up to a bound.
struct BackOff {
    private let minMilliseconds: Int64
    private let maxMilliseconds: Int64
    private var current: Int64

    init(minMilliseconds: Int64, maxMilliseconds: Int64) {
        self.minMilliseconds = minMilliseconds
        self.maxMilliseconds = maxMilliseconds
        current = minMilliseconds
    }

    /// The next wait.
    mutating func next() -> Int64 {
        defer { current = min(current * 2, maxMilliseconds) }
        return current
    }

    mutating func reset() { current = minMilliseconds }
}
