/// Where the demo's progress is shown: a live table in a terminal, or a line now and then in a log.
struct DemoDisplay {
    private static let tableSeconds = 0.5
    private static let lineSeconds = 5.0

    private var screen: LiveTableScreen?
    private var shownAtSeconds: Double?

    init(screen: LiveTableScreen?) { self.screen = screen }

    /// Whether it is time to show something.
    func isDue(atSeconds seconds: Double) -> Bool {
        guard let shownAtSeconds else { return true }
        return seconds - shownAtSeconds >= (screen == nil ? Self.lineSeconds : Self.tableSeconds)
    }

    mutating func show(_ content: LiveTableContent, atSeconds seconds: Double) {
        let isFirst = shownAtSeconds == nil
        shownAtSeconds = seconds
        if screen != nil {
            screen?.draw(content)
            return
        }
        if isFirst, let dashboard = content.dashboard { StandardError.write("dashboard: \(dashboard)") }
        if isFirst { StandardError.write("to read along: \(content.watchCommand)") }
        StandardError.write(DemoProgressLine.text(of: content))
    }

    /// Gives the terminal back as it was; it may be shown more all the same.
    func restore() { screen?.restore() }

    /// Gives the terminal back, with a line free after the table; nothing is shown after it.
    mutating func end() {
        screen?.finish()
        screen = nil
    }
}
