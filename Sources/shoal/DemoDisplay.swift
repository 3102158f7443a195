/// Where the demo's progress is shown: a live table in a terminal, or a line now and then in a log.
struct DemoDisplay {
    private static let tableSeconds = 0.5
    private static let lineSeconds = 5.0

    private var screen: LiveTableScreen?
    private var shownAtSeconds: Double?
    private var saidPhase = ""

    init(screen: LiveTableScreen?) { self.screen = screen }

    /// Whether it is time to show something.
    func isDue(atSeconds seconds: Double) -> Bool {
        guard let shownAtSeconds else { return true }
        return seconds - shownAtSeconds >= (screen == nil ? Self.lineSeconds : Self.tableSeconds)
    }

    mutating func show(_ content: LiveTableContent, atSeconds seconds: Double) {
        shownAtSeconds = seconds
        if screen != nil {
            screen?.draw(content)
        } else {
            StandardError.write(DemoProgressLine.text(of: content))
        }
    }

    /// Gives the terminal back; nothing is shown after it.
    mutating func end() {
        screen?.restore()
        screen = nil
    }
}
