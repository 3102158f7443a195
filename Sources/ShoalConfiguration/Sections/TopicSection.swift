/// Reads `topics:`.
struct TopicSection {
    static func read(_ map: MapReader?, into settings: inout TopicSettings) {
        guard let map else { return }
        var seen: [String: String] = [:]
        let names: [(String, WritableKeyPath<TopicSettings, String>)] = [
            ("events", \.events), ("changes", \.changes), ("segments", \.segments),
            ("dead_letters", \.deadLetters), ("summaries", \.summaries), ("model", \.model),
            ("alerts", \.alerts),
        ]
        for (name, path) in names {
            let setting = map.take(name)
            if let topic = setting.flatMap({ topic($0, example: "\(name): \(settings[keyPath: path])") }) {
                settings[keyPath: path] = topic
            }
            if let other = seen.updateValue(name, forKey: settings[keyPath: path]) {
                let origin = setting?.origin ?? map.origin
                map.log.record(
                    origin, key: "topics.\(name)", "the same topic as topics.\(other)",
                    "give each its own topic")
            }
        }
        map.finish()
    }

    /// A name that Kafka allows.
    static func topic(_ setting: Setting, example: String) -> String? {
        guard let name = setting.name(example: example) else { return nil }
        let isLegal = name.utf8.allSatisfy { byte in
            let character = Character(Unicode.Scalar(byte))
            return byte < 128 && (character.isLetter || character.isNumber || "._-".contains(character))
        }
        guard isLegal, name.utf8.count <= 249, name != ".", name != ".." else {
            setting.fault(
                "`\(name)` is no topic's name", "write 1 to 249 of the letters A-Z, a-z, digits, . _ and -")
            return nil
        }
        return name
    }
}
