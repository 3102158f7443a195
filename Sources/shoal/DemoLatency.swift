internal import Histogram

/// Latencies of changes: of the whole run, and of the last seconds.
struct DemoLatency {
    /// Longer ones count as this.
    private static let millisecondsMax: UInt64 = 600_000
    /// The recent figures stand for one to two of these.
    private static let periodSeconds = 5.0

    private var all = Self.empty
    private var current = Self.empty
    private var previous = Self.empty
    private var periodStartSeconds = 0.0

    private static var empty: Histogram<UInt64> {
        Histogram(highestTrackableValue: millisecondsMax, numberOfSignificantValueDigits: .three)
    }

    mutating func record(milliseconds: Int64) {
        let value = min(UInt64(max(0, milliseconds)), Self.millisecondsMax)
        all.record(value)
        current.record(value)
    }

    /// Lets the recent figures forget what is old.
    ///
    /// - Parameter seconds: of a clock that never goes back.
    mutating func turn(seconds: Double) {
        guard seconds - periodStartSeconds >= Self.periodSeconds else { return }
        periodStartSeconds = seconds
        previous = current
        current.reset()
    }

    /// Of the last five to ten seconds; `nil` if they brought no change.
    var recent: LiveTableContent.Latency? {
        var both = previous
        both.add(current)
        return Self.figures(both)
    }

    /// Of everything; `nil` if there was no change.
    var overall: LiveTableContent.Latency? { Self.figures(all) }

    private static func figures(_ histogram: Histogram<UInt64>) -> LiveTableContent.Latency? {
        guard histogram.totalCount > 0 else { return nil }
        return LiveTableContent.Latency(
            p50Milliseconds: Int(histogram.valueAtPercentile(50)),
            p99Milliseconds: Int(histogram.valueAtPercentile(99)))
    }
}
