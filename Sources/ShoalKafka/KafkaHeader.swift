/// A record header; the value is `nil` when it was sent as null.
package struct KafkaHeader: Sendable, Equatable {
    package let name: String
    package let value: [UInt8]?

    package init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    package init(name: String, value: String) { self.init(name: name, value: Array(value.utf8)) }
}
