import ShoalKafka
import Testing

@Suite struct KafkaPropertiesTests {
    @Test(arguments: [
        ("no.such.property", "1"), ("session.timeout.ms", "soon"), ("enable.auto.commit", "true"),
    ])
    func `a bad property is refused by name`(name: String, value: String) {
        var properties = KafkaProperties(bootstrap: "127.0.0.1:1")
        properties[name] = value
        let error = #expect(throws: KafkaError.self) {
            let consumer = try KafkaConsumer(group: "g", properties: properties, events: quiet)
            consumer.close()
        }
        #expect(error?.property == name)
        #expect(error?.description.contains(name) == true)
    }

    @Test func `secrets appear neither in text, nor in a dump, nor in an error`() {
        let secret = "hunter2-swordfish"
        var properties: KafkaProperties = [
            "sasl.username": "me", "sasl.password": secret, "ssl.key.password": secret,
        ]
        var dumped = ""
        dump(properties, to: &dumped)
        #expect(!"\(properties) \(String(reflecting: properties)) \(dumped)".contains(secret))
        #expect("\(properties)".contains("sasl.username=me"))
        properties["ssl.key.pem"] = secret
        properties["sasl.oauthbearer.client.secret"] = secret
        properties["sasl.token.unknown"] = secret
        let error = #expect(throws: KafkaError.self) {
            let producer = try KafkaProducer(properties: properties, events: quiet)
            producer.close()
        }
        #expect(error?.property != nil)
        #expect(!String(reflecting: error).contains(secret))
    }

    @Test func `order is kept, defaults fill gaps only, and nil removes`() {
        var properties: KafkaProperties = ["b": "1", "a": "2"]
        properties.setDefaults(["a": "9", "c": "3"])
        #expect(properties.names == ["b", "a", "c"])
        #expect(properties["a"] == "2")
        properties["b"] = nil
        #expect(properties.names == ["a", "c"])
        #expect(properties.description == "a=2 c=3")
    }
}
