/// Lays the demo's live table out for a terminal of a given size.
///
/// Pure: the same content gives the same lines, none wider than the terminal and fewer than it is high.
package struct LiveTable {
    /// Below it there is no room for a table; such a terminal sees clipped lines.
    private static let widthMin = 60
    /// Beyond it lines are hard to follow.
    private static let widthMax = 160
    /// From here on a change takes one line, and segments have a trend.
    private static let wideFrom = 110
    private static let margin = 1

    let width: Int
    let height: Int
    let isColoured: Bool
    private var isWide: Bool { width >= Self.wideFrom }

    package init(width: Int, height: Int, isColoured: Bool) {
        self.width = min(width, Self.widthMax)
        self.height = height
        self.isColoured = isColoured
    }

    /// The table's lines from top to bottom, without line ends.
    package func lines(_ content: LiveTableContent) -> [String] {
        var top = header(content)
        top.append("")
        top += content.segments.isEmpty ? waiting(content) : LiveTableSegments(self).lines(content.segments)
        var bottom: [String] = []
        if !content.alerts.isEmpty { bottom += [""] + alerts(content.alerts) }
        bottom += ["", footer(content)]
        // The last row stays free, so that the cursor below the table never makes the terminal scroll.
        let room = max(0, height - 1)
        var middle: [String] = []
        let left = room - top.count - bottom.count - 2
        if left > 0, !content.latestChanges.isEmpty {
            middle = ["", heading("latest changes")]
            middle += LiveTableChanges(self).lines(content.latestChanges, rowsMax: left)
        }
        return Array((top + middle + bottom).prefix(room))
    }

    func line() -> LiveTableLine {
        var line = LiveTableLine(columnsMax: width - Self.margin, isColoured: isColoured)
        line.fill(to: Self.margin)
        return line
    }

    /// Columns between the margins.
    var inner: Int { max(Self.widthMin, width) - 2 * Self.margin }
    var startColumn: Int { Self.margin }
    var showsMore: Bool { isWide }

    private func heading(_ text: String, _ look: LiveTableLine.Look = .bold) -> String {
        var line = line()
        line.add(text, look)
        return line.rendered
    }

    private func header(_ content: LiveTableContent) -> [String] {
        var first = line()
        first.add("shoal demo", .bold)
        first.add("  a simulated shop, live", .dim)
        let clock = clock(content)
        first.fill(to: width - Self.margin - LiveTableText.width(clock))
        first.add(clock)
        var second = line()
        let rate = LiveTableText.compact(content.eventsPerSecond)
        add("\(rate) events/s", .bold, to: &second)
        add("\(TextFormat.count(content.events)) events", to: &second)
        add("lag \(TextFormat.count(content.lagRecords))", to: &second)
        if let latency = content.latency {
            add(
                "latency p50 \(TextFormat.count(latency.p50Milliseconds)) ms, "
                    + "p99 \(TextFormat.count(latency.p99Milliseconds)) ms", to: &second)
        }
        var third = line()
        add("\(TextFormat.count(content.customers)) customers", to: &third)
        add("\(TextFormat.count(content.changes)) changes", to: &third)
        let version = "model \(content.modelVersion), generation \(content.modelGeneration)"
        add(content.modelVersion == 0 ? "no model yet" : version, to: &third)
        return [first.rendered, second.rendered, third.rendered]
    }

    private func add(_ piece: String, _ look: LiveTableLine.Look = .plain, to line: inout LiveTableLine) {
        if line.columns > Self.margin { line.add("   ") }
        line.add(piece, look)
    }

    private func clock(_ content: LiveTableContent) -> String {
        let day = "day \(Int(content.streamDays) + 1)"
        if let remaining = content.remainingSeconds {
            return "\(day) · \(TextFormat.time(remaining)) left"
        }
        return "\(day) · up \(TextFormat.time(content.uptimeSeconds))"
    }

    private func waiting(_ content: LiveTableContent) -> [String] {
        var line = line()
        line.add(content.phase, .bold)
        guard let share = content.phaseShare else { return [line.rendered] }
        line.add("  ")
        line.add(LiveTableBar.text(share: share, columns: 24), .good)
        return [line.rendered]
    }

    private func alerts(_ alerts: [String]) -> [String] {
        [heading("drift alerts", .warning)]
            + alerts.prefix(3).map { alert in
                var line = line()
                line.add("▲ ", .warning)
                line.add(LiveTableText.printable(alert))
                return line.rendered
            }
    }

    private func footer(_ content: LiveTableContent) -> String {
        var line = line()
        if let dashboard = content.dashboard {
            line.add("dashboard: ", .dim)
            line.add(dashboard)
            line.add("   ")
        }
        line.add("in another terminal: ", .dim)
        line.add(content.watchCommand)
        return line.rendered
    }
}
