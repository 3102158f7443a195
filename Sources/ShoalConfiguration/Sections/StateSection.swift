/// Reads `state:`.
struct StateSection {
    static func read(_ map: MapReader?, into settings: inout StateSettings) {
        guard let map else { return }
        if let directory = map.take("directory") {
            settings.directory =
                directory.node.content == .scalar("none", isPlain: true)
                ? nil : directory.name(example: "directory: /var/lib/shoal, or none")
        }
        let day: Int64 = 86_400_000
        if let interval = map.take("interval")?.duration(in: 1_000...day, example: "interval: 60s") {
            settings.intervalMilliseconds = interval
        }
        if let kept = map.take("keep")?.integer(in: 1...100, example: "keep: 2") { settings.keptCount = kept }
        map.finish()
    }
}
