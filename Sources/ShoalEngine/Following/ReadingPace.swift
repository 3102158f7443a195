/// How much may be read now, so that no more than so many bytes are read in a second: a token bucket.
struct ReadingPace {
    /// What is saved up while nothing comes.
    private static let savedMilliseconds: Int64 = 200

    private var rate = 0
    private var bytes = 0
    private var refilledAt: Int64

    /// - Parameter now: milliseconds of a monotonic clock, here and below.
    init(now: Int64) { refilledAt = now }

    /// Adds what has become free since.
    mutating func refill(bytesPerSecond: Int, now: Int64) {
        let milliseconds = min(max(0, now - refilledAt), Self.savedMilliseconds)
        refilledAt = now
        rate = bytesPerSecond
        guard isLimited else { return }
        let most = Self.bytes(rate, Self.savedMilliseconds)
        bytes = min(bytes + Self.bytes(rate, milliseconds), most)
    }

    private static func bytes(_ rate: Int, _ milliseconds: Int64) -> Int {
        Int(Int64(rate) * milliseconds / 1_000)
    }

    var isLimited: Bool { rate != .max }

    /// Whether anything may be read; a record is read whole, whatever its size.
    var isOpen: Bool { !isLimited || bytes > 0 }

    mutating func spend(_ count: Int) { if isLimited { bytes -= count } }
}
