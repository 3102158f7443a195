internal import ShoalCore

/// Reads `sources:`.
struct SourceSection {
    let sensitive: SensitiveNames
    /// Their fields may be mapped beside the canonical ones.
    let features: [FeatureDefinition]
    /// What Shoal writes; reading it would be a loop.
    let topics: TopicSettings
    /// Where snapshots go, if anywhere.
    let stateTopic: String?

    func read(_ setting: Setting) -> [SourceMapping] {
        let example = "a list, as `- {name: shop, topics: [clicks]}`"
        guard !setting.node.isNull, let elements = setting.list(example: example), !elements.isEmpty else {
            if setting.node.isNull || setting.node.content == .list([]) {
                setting.fault("is empty", "write \(example), or remove it to read canonical events")
            }
            return []
        }
        var sources: [SourceMapping] = []
        var names: [String: SettingOrigin] = [:]
        var readers: [String: String] = [:]
        for element in elements {
            guard let map = element.map(example: "{name: shop, topics: [clicks]}") else { continue }
            let name = readName(map, seen: &names)
            var source = readSource(map, name: name)
            let keyed = map.take("keyed")
            source.isKeyed = keyed?.truth() ?? true
            source.topics = readTopics(map, name: name, isKeyed: source.isKeyed, readers: &readers)
            if !source.isKeyed, source.topics.isEmpty {
                keyed?.fault("has no meaning without topics", "name them, as topics: [clicks], or remove it")
            }
            checkColumns(of: source, map)
            map.finish()
            sources.append(source)
        }
        return sources
    }

    /// The name; empty after a fault, so that the rest of the source is read all the same.
    private func readName(_ map: MapReader, seen: inout [String: SettingOrigin]) -> String {
        guard let setting = map.require("name", example: "name: shop"),
            let name = setting.name(example: "name: shop")
        else { return "" }
        if let first = seen.updateValue(setting.origin, forKey: name) {
            setting.fault("`\(name)` is given twice, first at \(first)", "give each source its own name")
        }
        return name
    }

    private func readSource(_ map: MapReader, name: String) -> SourceMapping {
        SourceReader(map: map, sensitive: sensitive, featurePaths: Set(features.flatMap(\.paths)))
            .read(name: name)
    }

    private func readTopics(
        _ map: MapReader, name: String, isKeyed: Bool, readers: inout [String: String]
    ) -> [String] {
        var names: [String] = []
        for setting in map.take("topics")?.oneOrMore(example: "topics: [clicks]") ?? [] {
            guard let topic = TopicSection.topic(setting, example: "topics: [clicks]") else { continue }
            if let purpose = outputs[topic] {
                setting.fault("`\(topic)` is where shoal writes \(purpose)", "read another topic")
            } else if !isKeyed, topic == topics.events {
                setting.fault(
                    "`\(topic)` is where records of sources with keyed: false go",
                    "read another topic, or name another one in topics.events")
            } else if let other = readers.updateValue(name, forKey: topic) {
                setting.fault("`\(topic)` is read by source \(other) as well", "give each topic one source")
            }
            names.append(topic)
        }
        return names
    }

    private var outputs: [String: String] {
        let pairs = [
            (topics.changes, "changes"), (topics.segments, "segments"), (topics.deadLetters, "dead letters"),
            (topics.summaries, "summaries"), (topics.model, "the model"), (topics.alerts, "alerts"),
        ]
        let all = pairs + [stateTopic].compactMap { $0.map { ($0, "snapshots") } }
        return Dictionary(all, uniquingKeysWith: { first, _ in first })
    }

    /// Columns must be known where records have no first line, and must hold what the source reads.
    private func checkColumns(of source: SourceMapping, _ map: MapReader) {
        guard case .delimited(let delimited) = source.format else { return }
        guard let columns = delimited.columns else {
            if !source.topics.isEmpty {
                let example = "columns: [customer, time], since records of a topic have no header"
                map.missing("columns", example: example)
            }
            return
        }
        for path in source.absentColumns(in: columns) {
            let nearest = NearestName.find(path, among: columns)
            map.log.record(
                map.origin, key: "\(map.key).columns", "no column `\(path)`, which the source reads",
                nearest.map { "write \($0) there, or name the column so" } ?? "name one of the columns so")
        }
        if source.fields["customer_id"] == nil, !columns.contains("customer_id") {
            map.log.record(
                map.origin, key: "\(map.key).fields.customer_id", "missing",
                "write which column holds the customer, as fields: {customer_id: \(columns[0])}")
        }
    }
}
