internal import CRdKafka

/// librdkafka properties in the order they were given, `bootstrap.servers` and the rest.
///
/// Values of secret properties (passwords, keys, tokens) are never part of `description`, of a dump or
/// of an error.
package struct KafkaProperties: Sendable, Equatable {
    /// Names in the order in which they were first set.
    package private(set) var names: [String] = []
    private var values: [String: String] = [:]

    package init() {}

    /// Properties for a client of the brokers at `bootstrap`, `host:port[,host:port…]`.
    package init(bootstrap: String) { self["bootstrap.servers"] = bootstrap }

    /// The value of one property; setting `nil` removes it.
    package subscript(name: String) -> String? {
        get { values[name] }
        set {
            if newValue == nil {
                names.removeAll { $0 == name }
            } else if values[name] == nil {
                names.append(name)
            }
            values[name] = newValue
        }
    }

    /// Sets what is not set yet.
    package mutating func setDefaults(_ defaults: KafkaProperties) {
        for name in defaults.names where values[name] == nil { self[name] = defaults[name] }
    }

    /// Whether the value of `name` must never be shown.
    package static func isSecret(_ name: String) -> Bool {
        let marks = [
            "password", "secret", "token", "ssl.key.pem", "ssl_key", "sasl.oauthbearer.config", "jaas",
        ]
        return marks.contains { name.contains($0) }
    }
}

extension KafkaProperties: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }
}

extension KafkaProperties: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        names.map { "\($0)=\(Self.isSecret($0) ? "[hidden]" : values[$0] ?? "")" }.joined(separator: " ")
    }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["properties": description]) }
}

extension KafkaProperties {
    /// Sets properties that a client of ours cannot work without.
    ///
    /// - Throws: When a caller gave another value; the error names the property.
    mutating func fix(_ required: KafkaProperties) throws(KafkaError) {
        for name in required.names {
            let given = values[name]
            guard given == nil || given == required[name] else {
                throw KafkaError(
                    RD_KAFKA_RESP_ERR__INVALID_ARG, place: "Kafka property `\(name)`",
                    what: "the value must be `\(required[name] ?? "")`",
                    advice: "remove it from the settings",
                    property: name)
            }
            self[name] = required[name]
        }
    }

    /// A configuration object that the caller owns until a client takes it.
    ///
    /// - Throws: When librdkafka refuses a name or a value; the error names the property.
    func makeConfiguration() throws(KafkaError) -> OpaquePointer {
        guard let configuration = unsafe rd_kafka_conf_new() else {
            throw KafkaError(RD_KAFKA_RESP_ERR__FAIL, place: "Kafka configuration")
        }
        for name in names {
            let value = values[name] ?? ""
            let (outcome, reason) = unsafe withErrorText { buffer, capacity in
                unsafe rd_kafka_conf_set(configuration, name, value, buffer, capacity)
            }
            guard outcome != RD_KAFKA_CONF_OK else { continue }
            unsafe rd_kafka_conf_destroy(configuration)
            let isUnknown = outcome == RD_KAFKA_CONF_UNKNOWN
            // librdkafka repeats a refused value in its reason, so a secret's reason is ours.
            throw KafkaError(
                isUnknown ? RD_KAFKA_RESP_ERR__UNKNOWN_PROTOCOL : RD_KAFKA_RESP_ERR__INVALID_ARG,
                place: "Kafka property `\(name)`",
                what: isUnknown
                    ? "librdkafka \(KafkaLibrary.version) knows no such property"
                    : Self.isSecret(name) ? "the value is not valid" : reason,
                advice: "correct or remove it; librdkafka's CONFIGURATION.md lists all of them",
                property: name)
        }
        return unsafe configuration
    }

    /// Drops defaults that the linked librdkafka does not know yet.
    ///
    /// - Parameter optional: Set only where the caller has not and the library knows the name.
    mutating func setKnownDefaults(_ optional: KafkaProperties) {
        for name in optional.names where values[name] == nil {
            var probe = KafkaProperties()
            probe[name] = optional[name]
            guard let configuration = unsafe try? probe.makeConfiguration() else { continue }
            unsafe rd_kafka_conf_destroy(configuration)
            self[name] = optional[name]
        }
    }
}
