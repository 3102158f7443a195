internal import Foundation
internal import ShoalConfiguration
internal import ShoalCore
internal import Testing

@Suite struct EnvironmentTests {
    private func parse(_ text: String, _ environment: [String: String]) throws -> ShoalConfiguration {
        try ShoalConfiguration.parse(text, file: "f.yaml", environment: environment)
    }

    @Test func `a variable wins over the file, two underscores are a dot`() throws {
        let configuration = try parse(
            "kafka: {bootstrap: file:1, group: g}\nmodel: {k: 3}\nlanes: 2\n",
            [
                "SHOAL_KAFKA__BOOTSTRAP": "a:1,b:2", "SHOAL_MODEL__K": "8", "SHOAL_MODEL__HALF_LIFE": "7d",
                "SHOAL_LANES": "auto", "SHOAL_KAFKA__SECURITY__PROTOCOL": "SSL", "PATH": "/bin",
            ])
        #expect(configuration.kafka.bootstrap == "a:1,b:2")
        #expect(configuration.kafka.group == "g")
        #expect(configuration.kafka.properties == ["security.protocol": "SSL"])
        #expect(configuration.model.clusterCount == .fixed(8))
        #expect(configuration.model.halfLife == 7 * 86_400_000)
        #expect(configuration.lanes == nil)
    }

    @Test func `lists and maps are YAML`() throws {
        let configuration = try parse(
            "features: [{name: a, distinct: {of: b}}]",
            [
                "SHOAL_FEATURES": "[{name: b, last: {of: x}}]", "SHOAL_MODEL": "{k: 3}",
                "SHOAL_MODEL__SEED": "7",
            ])
        #expect(configuration.features.map(\.name) == ["b"])
        #expect(configuration.model.clusterCount == .fixed(3))
        #expect(configuration.model.seed == 7)
    }

    @Test func `faults of the environment name the variable and follow those of the file`() {
        let environment = [
            "SHOAL_MODEL__KMAX": "3", "SHOAL_BATCH__INTERVAL": "200", "SHOAL_MODLE__K": "3", "SHOAL_LOG": "",
            "SHOAL_TOPICS": "[",
        ]
        #expect(
            WrongConfiguration.faults(of: "lanez: 3", environment: environment) == [
                "f.yaml:1: lanez: unknown setting; write lanes instead",
                "SHOAL_BATCH__INTERVAL: batch.interval: `200` has no unit; "
                    + "write a number with one of ms s m h d w, as interval: 200ms",
                "SHOAL_LOG: log: is empty; unset it or give it a value",
                "SHOAL_MODEL__KMAX: model.kmax: unknown setting; write k_max instead",
                "SHOAL_MODLE__K: modle.k: unknown setting; write SHOAL_MODEL__… instead",
                "SHOAL_TOPICS: not YAML: did not find expected node content; "
                    + "write a map of settings, `name: value` on each line, indented with spaces",
            ])
    }

    @Test func `variables of others are left alone`() throws {
        let environment = [
            "SHOAL_PORT": "tcp://10.0.0.1:9092", "SHOAL_SERVICE_HOST": "10.0.0.1", "SHOAL_API_KEY": "t",
            "SHOAL_PORT_9092_TCP": "x",
        ]
        #expect(try parse("", environment) == ShoalConfiguration())
    }

    @Test func `a secret comes from the environment as it stands`() throws {
        let password = "a: {b} #c *d \"e"
        let configuration = try parse("", ["SHOAL_KAFKA__SASL_PASSWORD": password])
        #expect(configuration.kafka.secrets == ["sasl.password": SecretText(password)])
        #expect(configuration.kafka.clientProperties["sasl.password"] == password)
    }

    @Test func `a secret comes from a file without its last line break`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "shoal-secret-\(UUID().uuidString)")
        try Data("hunter2\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let fromText = try parse("kafka: {sasl.password_file: \(file.path)}", [:])
        #expect(fromText.kafka.clientProperties["sasl.password"] == "hunter2")
        let fromEnvironment = try parse("", ["SHOAL_KAFKA__SASL_PASSWORD_FILE": file.path])
        #expect(fromEnvironment.kafka == fromText.kafka)
        let both = try parse(
            "kafka: {sasl.password_file: \(file.path)}", ["SHOAL_KAFKA__SASL_PASSWORD": "other"])
        #expect(both.kafka.clientProperties["sasl.password"] == "other")
    }

    @Test func `a secret is never shown`() throws {
        let configuration = try parse("", ["SHOAL_KAFKA__SASL_PASSWORD": "hunter2"])
        let shown = [
            "\(configuration)", String(reflecting: configuration), configuration.resolvedPlan,
            "\(configuration.kafka)",
        ]
        #expect(shown.allSatisfy { !$0.contains("hunter2") })
        #expect(configuration.resolvedPlan.contains("(secret)"))
        #expect(Mirror(reflecting: SecretText("hunter2")).children.isEmpty)
        let wrong = WrongConfiguration.faults(
            of: "kafka: {sasl.password: hunter2}", environment: ["SHOAL_LANES": "x"])
        #expect(wrong.count == 2 && wrong.allSatisfy { !$0.contains("hunter2") })
    }
}
