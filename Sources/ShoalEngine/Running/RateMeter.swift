/// Turns a growing total into a rate over the last few seconds, whoever asks and how often.
///
/// Pure: the time is an argument.
package struct RateMeter {
    private struct Sample {
        let milliseconds: Int64
        let total: Int
    }

    private static let windowMilliseconds: Int64 = 5_000
    private static let spacingMilliseconds: Int64 = 250

    private var samples: [Sample] = []

    package init() {}

    /// The total's growth per second.
    ///
    /// - Parameters:
    ///   - total: never falls.
    ///   - now: milliseconds of a monotonic clock.
    /// - Returns: 0 at first.
    package mutating func rate(total: Int, now: Int64) -> Double {
        while samples.count > 1, now - samples[1].milliseconds >= Self.windowMilliseconds {
            samples.removeFirst()
        }
        let oldest = samples.first
        if samples.last.map({ now - $0.milliseconds >= Self.spacingMilliseconds }) ?? true {
            samples.append(Sample(milliseconds: now, total: total))
        }
        guard let oldest, now > oldest.milliseconds else { return 0 }
        return Double(total - oldest.total) * 1_000 / Double(now - oldest.milliseconds)
    }
}
