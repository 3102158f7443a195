/// What a demo did, for a person and for a script.
package struct DemoSummary: Sendable {
    package var events = 0
    package var changes = 0
    package var customers = 0
    /// From the first event sent to the last one processed.
    package var seconds = 0.0
    package var streamDays = 0.0
    package var latency: LiveTableContent.Latency?
    /// Agreement of segments and truth; `nil` where there was nothing to compare.
    package var adjustedRandIndex: Double?
    /// Customers whom it compares.
    package var judgedCustomers = 0
    package var segments: [LiveTableContent.Segment] = []

    package init() {}

    private var eventsPerSecond: Int { seconds > 0 ? Int((Double(events) / seconds).rounded()) : 0 }

    /// One line of JSON; what is not known is null.
    package var json: String {
        "{\"events\":\(events),\"changes\":\(changes),\"customers\":\(customers),"
            + "\"segments\":\(segments.count),\"events_per_second\":\(eventsPerSecond),"
            + "\"p99_ms\":\(latency.map { String($0.p99Milliseconds) } ?? "null"),"
            + "\"ari\":\(adjustedRandIndex.map { Self.decimals($0, 3) } ?? "null"),"
            + "\"seconds\":\(Self.decimals(seconds, 3))}"
    }

    /// Several lines for a person.
    package var text: String {
        let days = Self.decimals(streamDays, 1)
        var lines = [
            "\(TextFormat.count(events)) events of \(TextFormat.count(customers)) customers, \(days) days of a "
                + "shop in \(Self.decimals(seconds, 1)) s:",
            "  throughput  \(TextFormat.count(eventsPerSecond)) events/s",
        ]
        if let latency {
            lines.append(
                "  latency     p50 \(TextFormat.count(latency.p50Milliseconds)) ms, "
                    + "p99 \(TextFormat.count(latency.p99Milliseconds)) ms, from an event's sending to its "
                    + "change read back")
        }
        lines.append(
            "  changes     \(TextFormat.count(changes)), every one with its reasons, in segment-changes")
        lines += segmentLines + accuracyLines
        lines += ["", "Next:"]
        lines += [
            "  shoal demo                          without an end; then, in another terminal:",
            "  \(DemoPlan.watchCommand(bootstrap: "ADDRESS"))   with the address it shows",
            "  shoal replay --summary FILE         your own events, offline",
            "  shoal run --config FILE             against your Kafka",
            "  README.md tells the rest; Deploy/examples/shop.yaml is the plan used here.",
        ]
        return lines.joined(separator: "\n")
    }

    private var segmentLines: [String] {
        guard !segments.isEmpty else {
            return ["  segments    none yet: it ended before enough customers had been seen"]
        }
        let columns = segments.reduce(0) { max($0, LiveTableText.width($1.name)) }
        return segments.enumerated().map { index, segment in
            let share = LiveTableText.right(Self.decimals(segment.share * 100, 1), 5)
            return (index == 0 ? "  segments    " : "              ")
                + "\(LiveTableText.left(segment.id, 3)) \(LiveTableText.left(segment.name, columns)) \(share) %"
        }
    }

    private var accuracyLines: [String] {
        guard let adjustedRandIndex else { return [] }
        return [
            "  accuracy    adjusted Rand index \(Self.decimals(adjustedRandIndex, 2)) over "
                + "\(TextFormat.count(judgedCustomers)) customers: 1 is the very groups that",
            "              the simulator's shoppers belong to, 0 is no better than chance",
        ]
    }

    private static func decimals(_ value: Double, _ places: Int) -> String {
        LiveTableText.decimals(value, places)
    }
}
