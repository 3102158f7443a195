/// The line that a demo without a terminal says every five seconds.
package enum DemoProgressLine {
    package static func text(of content: LiveTableContent) -> String {
        let day = "day \(Int(content.streamDays) + 1): "
        guard !content.segments.isEmpty else {
            return day + "\(TextFormat.count(content.events)) events, \(content.phase)"
        }
        let rate = Int(content.eventsPerSecond.rounded())
        var words = [
            day + "\(TextFormat.count(rate)) events/s", "lag \(TextFormat.count(content.lagRecords))",
        ]
        if let latency = content.latency {
            words.append("p50 \(latency.p50Milliseconds) ms, p99 \(latency.p99Milliseconds) ms")
        }
        words += [
            "\(TextFormat.count(content.customers)) customers",
            "\(TextFormat.count(content.changes)) changes",
            "\(content.segments.count) segments",
        ]
        if !content.alerts.isEmpty { words.append("drift alerts: \(content.alerts.count)") }
        return words.joined(separator: ", ")
    }
}
