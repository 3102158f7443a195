/// Where people and programs ask the daemon, and who may.
package struct HTTPSettings: Equatable, Sendable {
    /// An address to listen on.
    package struct Address: Equatable, Sendable {
        /// A host's name or an IP address, without the brackets of IPv6.
        package var host: String
        /// 0 takes any that is free.
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        /// Whether only this machine can reach it.
        package var isLoopback: Bool {
            host == "localhost" || host == "::1"
                || host.hasPrefix("127.") && host.split(separator: ".").count == 4
        }

        /// As it stands in a URL.
        package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// `nil` listens to nobody.
    package var address: Address? = Address(host: "127.0.0.1", port: 8080)
    /// Whether somebody asked for this address, so that it must be had.
    package var isAddressRequired = false
    /// Where others reach this process, as `http://host:port`; `nil` is the address itself.
    package var advertised: String?
    /// Open connections at most; more wait until one is closed.
    package var connectionsMax = 512
    /// What writes must show, and off loopback everything but health; `nil` forbids writes.
    package var token: SecretText?

    package init() {}
}
