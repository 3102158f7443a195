/// Reads `log:`.
struct LogSection {
    static func read(_ map: MapReader?, into settings: inout LogSettings) {
        guard let map else { return }
        if let level = map.take("level")?.choice(LogSettings.Level.self) { settings.level = level }
        if let format = map.take("format")?.choice(LogSettings.Format.self) { settings.format = format }
        map.finish()
    }
}
