internal import Histogram
package import ShoalEngine

/// Everything that the live table shows at one moment.
package struct LiveTableContent: Sendable {
    /// One segment's row.
    package struct Segment: Sendable {
        package var id: String
        package var name: String
        /// Customers in it.
        package var size: Int
        /// Part of all customers who are in a segment, 0…1.
        package var share: Double
        package var flow: FlowRate
        /// Its size over the last moments, oldest first.
        package var trend: [Int]

        package init(
            id: String, name: String, size: Int, share: Double, flow: FlowRate = FlowRate(),
            trend: [Int] = []
        ) {
            self.id = id
            self.name = name
            self.size = size
            self.share = share
            self.flow = flow
            self.trend = trend
        }
    }

    /// Milliseconds from an event's sending to its change read back.
    package struct Latency: Equatable, Sendable {
        package var p50Milliseconds: Int
        package var p99Milliseconds: Int

        package init(p50Milliseconds: Int, p99Milliseconds: Int) {
            self.p50Milliseconds = p50Milliseconds
            self.p99Milliseconds = p99Milliseconds
        }

        /// `nil` where nothing was measured.
        init?(_ histogram: LatencyHistogram) {
            guard histogram.totalCount > 0 else { return nil }
            p50Milliseconds = Int(histogram.valueAtPercentile(50))
            p99Milliseconds = Int(histogram.valueAtPercentile(99))
        }
    }

    package var eventsPerSecond = 0.0
    package var events = 0
    package var lagRecords = 0
    /// Of the last seconds; `nil` where no change was seen in them.
    package var latency: Latency?
    package var customers = 0
    package var changes = 0
    /// 0 before the first model.
    package var modelVersion = 0
    package var modelGeneration = 0
    package var uptimeSeconds = 0.0
    /// `nil` where there is no end.
    package var remainingSeconds: Double?
    /// Days of event time since the first event.
    package var streamDays = 0.0
    /// What it waits for while there are no segments.
    package var phase = ""
    /// Part of that which is done, 0…1; `nil` where it cannot be said.
    package var phaseShare: Double?
    package var segments: [Segment] = []
    /// Newest first.
    package var latestChanges: [DemoChange] = []
    package var alerts: [String] = []
    /// The address of the page that shows all this and more; `nil` where nothing listens.
    package var dashboard: String?
    /// What another terminal runs to see every change.
    package var watchCommand = ""

    package init() {}
}
