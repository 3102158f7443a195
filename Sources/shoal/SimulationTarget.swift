internal import ArgumentParser

/// Where simulated events go.
enum SimulationTarget: ExpressibleByArgument, Equatable {
    case standardOutput
    /// `bootstrap` is `host:port[,host:port…]`.
    case kafka(bootstrap: String, topic: String)

    /// Reads `-` or `kafka://host:port[,host:port…]/topic`.
    init?(argument: String) {
        if argument == "-" {
            self = .standardOutput
            return
        }
        let scheme = "kafka://"
        guard argument.hasPrefix(scheme) else { return nil }
        let parts = argument.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self = .kafka(bootstrap: String(parts[0]), topic: String(parts[1]))
    }

    var defaultValueDescription: String {
        switch self {
        case .standardOutput: "-"
        case .kafka(let bootstrap, let topic): "kafka://\(bootstrap)/\(topic)"
        }
    }
}
