internal import ShoalCore

/// Reads the whole configuration, section by section, and collects every fault.
package struct ConfigurationReader {
    /// The names at the top of the file, in the order in which examples write them.
    static let topLevel = [
        "kafka", "delivery", "instance", "membership", "lanes", "commit_interval", "topics", "sources",
        "features", "model", "batch", "holdout", "limits", "state", "http", "allow_sensitive",
        "sensitive_reason", "log",
    ]

    private let file: String

    package let log = FaultLog()

    package init(file: String) { self.file = file }

    /// The configuration that `text` and `environment` say; `log` knows afterwards which settings exist.
    package func read(
        _ text: String, environment: [String: String]
    ) throws(ConfigurationError) -> ShoalConfiguration {
        let file = self.file
        let written = SettingDocument.read(Self.withoutByteOrderMark(text), log: log) {
            .file(name: file, line: $0)
        }
        // A text that is no YAML has no settings to find further faults in.
        if written == nil { try log.throwIfAny() }
        let start = SettingOrigin.file(name: file, line: 1)
        var root = written ?? SettingNode(content: .map([]), origin: start)
        if root.isNull { root = SettingNode(content: .map([]), origin: start) }
        guard case .map = root.content else {
            log.record(
                root.origin, key: "", "\(root.kindWords) where settings are expected",
                "write a map of settings, `name: value` on each line")
            try log.throwIfAny()
            return ShoalConfiguration()
        }
        root = EnvironmentOverrides.apply(environment, to: root, topLevel: Self.topLevel, log: log)
        let configuration = read(root, environment: environment)
        try log.throwIfAny()
        return configuration
    }

    private static func withoutByteOrderMark(_ text: String) -> String {
        text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    private func read(_ root: SettingNode, environment: [String: String]) -> ShoalConfiguration {
        var configuration = ShoalConfiguration()
        let setting = Setting(node: root, key: "", pattern: "", log: log)
        guard let map = setting.map(example: "a map of settings") else { return configuration }
        let sensitive = SensitiveNames(readFrom: map)
        configuration.sensitiveReason = sensitive.reason
        let properties = KafkaSection.read(map.takeSection("kafka"), into: &configuration.kafka)
        readDelivery(map, properties, into: &configuration)
        TopicSection.read(map.takeSection("topics"), into: &configuration.topics)
        StateSection(topics: configuration.topics).read(map.takeSection("state"), into: &configuration.state)
        configuration.sources = [.canonical(topics: [configuration.topics.events])]
        if let features = map.take("features") {
            configuration.features = FeatureSection(sensitive: sensitive).read(features)
            // What the default plan asks for is nothing to other features.
            configuration.model.minEvents = ModelSettings().minEvents
        }
        if let sources = map.take("sources") {
            let section = SourceSection(
                sensitive: sensitive, features: configuration.features, topics: configuration.topics,
                stateTopic: configuration.state.topic)
            configuration.sources = section.read(sources)
        }
        ModelSection.read(map.takeSection("model"), into: &configuration.model)
        BatchSection.read(map.takeSection("batch"), into: &configuration.batch)
        configuration.holdout = HoldoutSection.read(map.takeSection("holdout"))
        LimitSection.read(map.takeSection("limits"), into: &configuration.limits)
        HTTPSection(environment: environment, log: log).read(
            map.takeSection("http"), start: root.origin, into: &configuration.http)
        LogSection.read(map.takeSection("log"), into: &configuration.log)
        map.finish()
        return configuration
    }

    private func readDelivery(
        _ map: MapReader, _ properties: [String: Setting], into configuration: inout ShoalConfiguration
    ) {
        if let delivery = map.take("delivery")?.choice(ShoalConfiguration.Delivery.self) {
            configuration.delivery = delivery
        }
        if let instance = map.take("instance"), !instance.isWord("auto") {
            configuration.instance = instance.name(example: "auto, or a name that no other process has")
        }
        if let membership = map.take("membership")?.choice(ShoalConfiguration.Membership.self) {
            configuration.membership = membership
        }
        if let lanes = map.take("lanes"), !lanes.isWord("auto") {
            configuration.lanes = lanes.integer(in: 1...256, example: "auto, or a number of threads as 4")
        }
        let hour: Int64 = 3_600_000
        let interval = map.take("commit_interval")
        configuration.commitIntervalMilliseconds =
            interval?.duration(in: 10...hour, example: "100ms")
            ?? configuration.delivery.commitIntervalMilliseconds
        guard configuration.delivery == .exactlyOnce else { return }
        TransactionTimes(properties: configuration.kafka.properties).check(
            properties, commitInterval: (interval, configuration.commitIntervalMilliseconds))
    }
}
