/// Reads `state:`.
struct StateSection {
    /// Whose names are taken.
    let topics: TopicSettings

    func read(_ map: MapReader?, into settings: inout StateSettings) {
        guard let map else { return }
        if let directory = map.take("directory") {
            settings.directory =
                directory.isWord("none")
                ? nil : directory.name(example: "directory: /var/lib/shoal, or none")
        }
        let day: Int64 = 86_400_000
        if let interval = map.take("interval")?.duration(in: 1_000...day, example: "interval: 60s") {
            settings.intervalMilliseconds = interval
        }
        if let kept = map.take("keep")?.integer(in: 1...100, example: "keep: 2") { settings.keptCount = kept }
        readTopic(map, into: &settings)
        map.finish()
    }

    private func readTopic(_ map: MapReader, into settings: inout StateSettings) {
        guard let setting = map.take("topic") else { return }
        settings.topic = nil
        if setting.isWord("none") { return }
        guard let topic = TopicSection.topic(setting, example: "topic: shoal.state, or none") else { return }
        if let use = topics.uses[topic] {
            setting.fault("the same topic as topics.\(use)", "give each its own topic")
        } else if settings.directory == nil {
            setting.fault(
                "snapshots are made in state.directory, which is none", "name a directory, or remove it")
        } else {
            settings.topic = topic
        }
    }
}
