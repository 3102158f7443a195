internal import ShoalConfiguration
internal import Testing

@Suite struct HTTPSettingsTests {
    private func parse(_ text: String, _ environment: [String: String] = [:]) throws -> HTTPSettings {
        try ShoalConfiguration.parse(text, file: "f.yaml", environment: environment).http
    }

    @Test(
        arguments: [
            ("127.0.0.1:80", "127.0.0.1", 80, true), ("localhost:0", "localhost", 0, true),
            ("127.9.8.7:1", "127.9.8.7", 1, true), ("\"[::1]:8080\"", "::1", 8080, true),
            ("127.example:8080", "127.example", 8080, false), ("\"[::]:8080\"", "::", 8080, false),
            ("shoal.example:65535", "shoal.example", 65_535, false),
        ])
    func `an address is a host with a port, and known to be of this machine alone`(
        text: String, host: String, port: Int, isLoopback: Bool
    ) throws {
        let settings = try parse(
            "http: {listen: \(text)}", ["SHOAL_API_TOKEN": "0123456789abcdef"])
        #expect(settings.address == HTTPSettings.Address(host: host, port: port))
        #expect(settings.address?.isLoopback == isLoopback)
        #expect(settings.isAddressRequired)
    }

    @Test func `without an address it is tried at the usual one, and none is none`() throws {
        #expect(try parse("http: {listen: auto}") == HTTPSettings())
        #expect(HTTPSettings().address?.isLoopback == true)
        #expect(!HTTPSettings().isAddressRequired)
        #expect(try parse("http: {listen: none}").address == nil)
        #expect(try parse("{\"http\": {\"listen\": \"none\", \"advertise\": \"none\"}}").address == nil)
        #expect(try parse("", ["SHOAL_HTTP__LISTEN": "none"]).address == nil)
    }

    @Test func `a token is long enough, and never shown`() throws {
        let token = "correct-horse-battery"
        let settings = try parse("", ["SHOAL_API_TOKEN": token])
        #expect(settings.token?.revealed == token)
        #expect(!"\(settings)".contains(token))
        let faults = WrongConfiguration.faults(of: "", environment: ["SHOAL_API_TOKEN": "short"])
        #expect(faults.count == 1)
        #expect(faults.first?.contains("shorter than 16 characters") == true)
        #expect(faults.first?.contains("short\"") == false)
        #expect(try parse("", ["SHOAL_API_TOKEN": ""]).token == nil)
    }
}
