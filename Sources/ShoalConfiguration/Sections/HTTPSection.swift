internal import Foundation

/// Reads `http:`, with the token from the environment or a file.
struct HTTPSection {
    /// Not under `SHOAL_HTTP__`, because a token is no setting to be shown.
    static let tokenVariable = "SHOAL_API_TOKEN"
    private static let tokenCharactersMin = 16
    private static let example = "listen: 127.0.0.1:8080, auto or none"

    let environment: [String: String]
    let log: FaultLog

    func read(_ map: MapReader?, start: SettingOrigin, into settings: inout HTTPSettings) {
        let listen = map?.take("listen")
        if let listen { readAddress(listen, into: &settings) }
        if let advertised = map?.take("advertise"), !advertised.isWord("none") {
            readAdvertised(advertised, into: &settings)
        }
        if let connections = map?.take("connections")?.integer(in: 8...65_536, example: "connections: 512") {
            settings.connectionsMax = connections
        }
        readToken(map?.take("token_file"), into: &settings)
        map?.finish()
        guard let address = settings.address, !address.isLoopback, settings.token == nil else { return }
        log.record(
            listen?.origin ?? start, key: "http.listen",
            "\(address.text) can be reached from other machines, and there is no token",
            "set \(Self.tokenVariable), or listen on 127.0.0.1")
    }

    private func readAddress(_ setting: Setting, into settings: inout HTTPSettings) {
        if setting.isWord("auto") { return }
        settings.isAddressRequired = true
        if setting.isWord("none") {
            settings.address = nil
            return
        }
        guard let text = setting.name(example: Self.example) else { return }
        guard let address = Self.address(text) else {
            setting.fault("`\(text)` is not an address with a port", "write \(Self.example)")
            return
        }
        settings.address = address
    }

    /// `host:port`, with an IPv6 address in brackets.
    private static func address(_ text: String) -> HTTPSettings.Address? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard PlainNumber.isInteger(String(digits)), let port = Int(digits), (0...65_535).contains(port)
        else {
            return nil
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "/" }) else {
            return nil
        }
        return HTTPSettings.Address(host: String(host), port: port)
    }

    private func readAdvertised(_ setting: Setting, into settings: inout HTTPSettings) {
        let example = "advertise: http://shoal-1.example:8080, or none"
        guard let text = setting.name(example: example) else { return }
        let isURL = text.hasPrefix("http://") || text.hasPrefix("https://")
        guard isURL, !text.contains(where: \.isWhitespace), text.utf8.count <= 200 else {
            setting.fault("`\(text)` is not a URL", "write \(example)")
            return
        }
        settings.advertised = text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private func readToken(_ file: Setting?, into settings: inout HTTPSettings) {
        var origin = SettingOrigin.environment(variable: Self.tokenVariable)
        var token = environment[Self.tokenVariable].flatMap { $0.isEmpty ? nil : $0 }
        if token == nil, let file, let path = file.name(example: "token_file: /run/secrets/shoal") {
            origin = file.origin
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
                file.fault("\(path) cannot be read", "name a file that the user who runs shoal can read")
                return
            }
            token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        guard let token else { return }
        let isPrintable = token.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard token.utf8.count >= Self.tokenCharactersMin, isPrintable else {
            log.record(
                origin, key: "http.token",
                "the token is shorter than \(Self.tokenCharactersMin) characters, or has others than those "
                    + "of ASCII", "make one with: openssl rand -hex 24")
            return
        }
        settings.token = SecretText(token)
    }
}
