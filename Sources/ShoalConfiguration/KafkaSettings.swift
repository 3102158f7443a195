/// How to reach Kafka.
package struct KafkaSettings: Equatable, Sendable {
    /// Brokers to ask first, `host:port` separated by commas.
    package var bootstrap = "localhost:9092"
    /// The consumer group; deployments that share it share the work.
    package var group = "shoal"
    /// Properties of librdkafka that are passed through, without secrets.
    package var properties: [String: String] = [:]
    /// Properties of librdkafka that are secret, from the environment or from files.
    package var secrets: [String: SecretText] = [:]

    package init() {}

    /// All that was written under `kafka` but for `group`, as librdkafka's own properties, secrets revealed.
    package var clientProperties: [String: String] {
        var all = properties
        all["bootstrap.servers"] = bootstrap
        for (name, secret) in secrets { all[name] = secret.revealed }
        return all
    }

    /// Whether a property of librdkafka must not be written down or shown.
    package static func isSecret(_ property: String) -> Bool {
        let words = property.split { ".-_".contains($0) }
        return words.contains { ["password", "secret", "token", "passphrase"].contains($0) }
            || ["ssl.key.pem", "sasl.oauthbearer.config", "sasl.jaas.config"].contains(property)
    }
}
