internal import ShoalConfiguration
internal import Testing

/// A configuration that must be refused, and every line that must be said about it.
struct WrongConfiguration: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let faults: [String]

    init(_ name: String, _ text: String, _ faults: String...) {
        self.name = name
        self.text = text
        self.faults = faults.map { "f.yaml:\($0)" }
    }

    var testDescription: String { name }

    /// What `parse` says about a text, a line each; empty if it is accepted.
    static func faults(of text: String, environment: [String: String] = [:]) -> [String] {
        do throws(ConfigurationError) {
            _ = try ShoalConfiguration.parse(text, file: "f.yaml", environment: environment)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }
}
