internal import Foundation

/// Reads `kafka:`, which passes librdkafka's properties through and keeps secrets out of the file.
struct KafkaSection {
    /// Properties that are set elsewhere, or that Shoal's promises rest on.
    private static let owned: [String: String] = [
        "bootstrap.servers": "write kafka.bootstrap instead",
        "metadata.broker.list": "write kafka.bootstrap instead",
        "group.id": "write kafka.group instead",
        "auto.commit.interval.ms": "write commit_interval instead",
        "enable.auto.commit": "remove it",
        "enable.auto.offset.store": "remove it",
        "enable.idempotence": "remove it",
        "isolation.level": "remove it",
        "partition.assignment.strategy": "remove it",
        "transactional.id": "remove it",
        "group.instance.id": "write membership: static instead",
    ]
    /// Properties of librdkafka without a dot; any other such name is a slip of the pen.
    private static let undotted = ["acks", "debug", "partitioner", "retries"]
    private static let fileSuffix = "_file"
    private static let secretBytesMax = 64 * 1024

    /// Reads the section.
    ///
    /// - Returns: librdkafka's properties as they were written, for checks across sections.
    static func read(_ map: MapReader?, into settings: inout KafkaSettings) -> [String: Setting] {
        guard let map else { return [:] }
        if let bootstrap = map.take("bootstrap") {
            if let brokers = bootstrap.names(example: "bootstrap: localhost:9092") {
                settings.bootstrap = brokers.joined(separator: ",")
            }
        }
        if let group = map.take("group")?.name(example: "group: shoal") { settings.group = group }
        var properties: [String: Setting] = [:]
        for (name, setting) in map.takeRest() { flatten(name, setting, into: &properties) }
        for (name, setting) in properties.sorted(by: { $0.key < $1.key }) {
            if name.hasSuffix(fileSuffix) {
                let property = String(name.dropLast(fileSuffix.count))
                if let other = properties[property] {
                    settle(setting, over: other, property: property)
                    // A secret in the environment stands in for the file that the configuration names.
                    continue
                }
                readFile(setting, property: property, into: &settings)
            } else {
                readValue(setting, property: name, into: &settings)
            }
        }
        return properties
    }

    /// `{sasl: {mechanism: PLAIN}}` is `sasl.mechanism`; what the environment says wins over the file.
    private static func flatten(_ name: String, _ setting: Setting, into properties: inout [String: Setting])
    {
        if case .map = setting.node.content {
            for (inner, value) in setting.map(example: "librdkafka's properties")?.takeRest() ?? [] {
                flatten("\(name).\(inner)", value, into: &properties)
            }
            return
        }
        guard let earlier = properties[name] else {
            properties[name] = setting
            return
        }
        switch (earlier.origin, setting.origin) {
        case (.file, .environment): properties[name] = setting
        case (.environment, .file): break
        default: setting.fault("given twice", "keep one of the two")
        }
    }

    private static func settle(_ file: Setting, over value: Setting, property: String) {
        if case .file = file.origin, case .environment = value.origin { return }
        file.fault("given beside \(property)", "keep one of the two")
    }

    private static func readValue(_ setting: Setting, property: String, into settings: inout KafkaSettings) {
        if let remedy = owned[property] {
            setting.fault("is set by shoal itself", remedy)
            return
        }
        guard property.contains(".") || undotted.contains(property) else {
            let nearest = NearestName.find(property, among: ["bootstrap", "group"] + undotted)
            setting.fault(
                "unknown setting",
                nearest.map { "write \($0) instead" } ?? "write bootstrap, group or a property of librdkafka")
            return
        }
        let isSecret = KafkaSettings.isSecret(property)
        if isSecret, case .file = setting.origin {
            let variable = "SHOAL_KAFKA__" + property.uppercased().replacing(".", with: "_")
            setting.fault(
                "a secret in the configuration",
                "write \(property)\(fileSuffix): with a file's path, or set \(variable)")
            return
        }
        guard let text = setting.text(example: "a value that librdkafka knows") else { return }
        if isSecret {
            settings.secrets[property] = SecretText(text)
        } else {
            settings.properties[property] = text
        }
    }

    private static func readFile(_ setting: Setting, property: String, into settings: inout KafkaSettings) {
        guard KafkaSettings.isSecret(property) else {
            setting.fault("only secrets are read from files", "write \(property): with the value itself")
            return
        }
        guard let path = setting.name(example: "the path of a file that holds the secret") else { return }
        guard let data = contents(ofFile: path), data.count <= secretBytesMax,
            let text = String(validating: data, as: UTF8.self)
        else {
            setting.fault(
                "`\(path)` cannot be read as text of at most 64KiB",
                "give the path of a file that this user may read")
            return
        }
        // Editors end a file with a line break that is no part of a password; a PEM key keeps its own.
        let secret = text.hasPrefix("-----BEGIN") ? text : withoutLineBreaks(text)
        guard !secret.isEmpty else {
            setting.fault("`\(path)` is empty", "put the secret into it")
            return
        }
        settings.secrets[property] = SecretText(secret)
    }

    private static func contents(ofFile path: String) -> Data? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        return try? handle.read(upToCount: secretBytesMax + 1)
    }

    private static func withoutLineBreaks(_ text: String) -> String {
        var text = Substring(text)
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
