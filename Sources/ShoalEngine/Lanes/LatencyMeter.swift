package import Histogram

/// Milliseconds, how often each.
package typealias LatencyHistogram = Histogram<UInt64>

/// Latencies in milliseconds, since the start and of the last seconds.
package struct LatencyMeter: Sendable {
    /// Longer ones count as this.
    private static let millisecondsMax: UInt64 = 600_000
    /// The recent figures stand for one to two of these.
    private static let periodMilliseconds: Int64 = 5_000

    /// Of everything; two digits are exact.
    package private(set) var all = Self.empty
    private var current = Self.empty
    private var previous = Self.empty
    private var periodStart: Int64 = 0

    package init() {}

    private static var empty: LatencyHistogram {
        LatencyHistogram(
            lowestDiscernibleValue: 1, highestTrackableValue: millisecondsMax,
            numberOfSignificantValueDigits: .two)
    }

    /// Takes in a latency.
    ///
    /// - Parameters:
    ///   - milliseconds: negative where clocks differ, which counts as 0.
    ///   - count: how many had it.
    package mutating func record(milliseconds: Int64, count: Int = 1) {
        guard count > 0 else { return }
        let value = min(UInt64(max(0, milliseconds)), Self.millisecondsMax)
        all.record(value, count: UInt64(count))
        current.record(value, count: UInt64(count))
    }

    /// Lets the recent figures forget what is old.
    ///
    /// - Parameter now: milliseconds of a clock that never goes back.
    package mutating func turn(now: Int64) {
        guard now - periodStart >= Self.periodMilliseconds else { return }
        periodStart = now
        previous = current
        current.reset()
    }

    /// Of the last five to ten seconds.
    package var recent: LatencyHistogram {
        var both = previous
        both.add(current)
        return both
    }

    /// Adds what another has measured.
    package mutating func add(_ other: LatencyMeter) {
        all.add(other.all)
        current.add(other.current)
        previous.add(other.previous)
    }
}
