/// Turns segments' counters, which only grow, into rates over the last seconds.
///
/// Pure: both clocks are arguments.
package struct FlowMeter {
    /// What one segment has counted since the start.
    package struct Count: Equatable, Sendable {
        package var size: Int
        package var entered: Int
        package var left: Int

        package init(size: Int, entered: Int, left: Int) {
            self.size = size
            self.entered = entered
            self.left = left
        }
    }

    private struct Sample {
        let seconds: Double
        let streamDays: Double
        let counts: [String: Count]
    }

    private let windowSeconds: Double
    private let trendCount: Int
    private var samples: [Sample] = []
    private var trends: [String: [Int]] = [:]

    /// - Parameters:
    ///   - windowSeconds: that rates are of.
    ///   - trendCount: sizes that are kept for the trend.
    package init(windowSeconds: Double, trendCount: Int) {
        self.windowSeconds = windowSeconds
        self.trendCount = trendCount
    }

    /// Takes in the counters of one moment.
    ///
    /// - Parameters:
    ///   - counts: by the segment's id.
    ///   - seconds: of a clock that never goes back.
    ///   - streamDays: event time so far.
    package mutating func add(_ counts: [String: Count], seconds: Double, streamDays: Double) {
        while samples.count > 1, seconds - samples[1].seconds >= windowSeconds {
            samples.removeFirst()
        }
        samples.append(Sample(seconds: seconds, streamDays: streamDays, counts: counts))
        trends = trends.filter { counts[$0.key] != nil }
        for (id, count) in counts {
            trends[id, default: []].append(count.size)
            if trends[id, default: []].count > trendCount { trends[id]?.removeFirst() }
        }
    }

    /// Rates between the oldest moment in the window that knew the segment and the newest.
    package func rate(of id: String) -> FlowRate {
        guard let last = samples.last, let count = last.counts[id],
            let first = samples.first(where: { $0.counts[id] != nil }), let before = first.counts[id],
            last.seconds > first.seconds
        else { return FlowRate() }
        let minutes = (last.seconds - first.seconds) / 60
        let days = last.streamDays - first.streamDays
        let entered = Double(count.entered - before.entered)
        let left = Double(count.left - before.left)
        let size = Double(max(1, count.size))
        return FlowRate(
            enteredPerMinute: entered / minutes, leftPerMinute: left / minutes,
            volatilityPerDay: days > 0 ? (entered + left) / size / days : 0)
    }

    /// Sizes of the segment over the last moments, oldest first.
    package func trend(of id: String) -> [Int] { trends[id] ?? [] }
}
