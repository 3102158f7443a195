internal import ShoalCore
internal import ShoalEngine

/// One line at the bottom of the terminal that says how far a replay has come.
struct ReplayProgressBar {
    private static let barWidth = 24
    private static let refreshInterval = Duration.milliseconds(100)

    let isShown: Bool
    private var shownAt: Duration?

    init(isShown: Bool) { self.isShown = isShown }

    mutating func show(_ progress: ReplayProgress, after elapsed: Duration) {
        guard isShown else { return }
        if let shownAt, elapsed - shownAt < Self.refreshInterval { return }
        shownAt = elapsed
        StandardError.write("\r\u{1b}[2K" + Self.line(progress, after: elapsed), terminator: "")
    }

    func clear() {
        if isShown, shownAt != nil { StandardError.write("\r\u{1b}[2K", terminator: "") }
    }

    /// What the line says; a file of unknown size has neither bar nor time left.
    static func line(_ progress: ReplayProgress, after elapsed: Duration) -> String {
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Double(progress.events) / seconds : 0
        var line = ""
        if progress.bytesTotal > 0 {
            let share = min(1, Double(progress.bytesRead) / Double(progress.bytesTotal))
            let full = Int(share * Double(barWidth))
            line = String(repeating: "━", count: full) + String(repeating: "─", count: barWidth - full)
            line += " \(Int(share * 100)) %"
            if share > 0, share < 1 { line += "  \(TextFormat.time(seconds / share * (1 - share))) left" }
            line += "  "
        }
        return line + "\(TextFormat.count(progress.events)) events  \(TextFormat.count(Int(rate)))/s  "
            + "\(TextFormat.count(progress.customers)) customers  "
            + "\(TextFormat.count(progress.counters.changes)) changes"
    }
}
