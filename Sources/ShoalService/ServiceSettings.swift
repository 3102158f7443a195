/// Everything the HTTP service is told before it starts; checked by whoever made it.
package struct ServiceSettings: Sendable {
    /// A host's name or an IP address, without the brackets of IPv6.
    package var host: String
    /// 0 takes any that is free.
    package var port: Int
    /// Whether only this machine can reach it: reads need no token then.
    package var isLoopback: Bool
    package var connectionsMax = 512
    /// What writes must show, and off loopback everything but health; `nil` forbids writes.
    package var token: String?
    /// Tells this process from others, also from itself after a restart.
    package var identity: String
    /// As `shoal --version` says.
    package var version: String
    /// By feature: what it measures, in a sentence.
    package var featureWords: [String: String] = [:]
    /// Why features use sensitive attributes; `nil` where they do not.
    package var sensitiveReason: String?
    /// The library that draws charts, if it is installed.
    package var chartScript = "/usr/share/javascript/chart.js/chart.min.js"

    package init(host: String, port: Int, isLoopback: Bool, identity: String, version: String) {
        self.host = host
        self.port = port
        self.isLoopback = isLoopback
        self.identity = identity
        self.version = version
    }
}
