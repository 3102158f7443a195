internal import HTTPTypes
internal import Hummingbird
@testable internal import ShoalService
internal import Testing

@Suite struct AccessTests {
    private static let token = APIToken("correct-horse-battery")
    private static let shown = "Bearer correct-horse-battery"

    private func refusal(
        _ method: HTTPRequest.Method = .get, _ path: String = "/v1/segments",
        host: String? = "127.0.0.1:8080",
        loopback isLoopback: Bool = true, token: APIToken? = Self.token, headers: HTTPFields = [:]
    ) -> String? {
        let head = HTTPRequest(
            method: method, scheme: "http", authority: host, path: path, headerFields: headers)
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        return AccessMiddleware(host: "127.9.8.7", isLoopback: isLoopback, token: token).refusal(request)?
            .code
    }

    @Test func `whoever is on this machine may read, and change with the token`() {
        #expect(refusal() == nil)
        #expect(refusal(.head) == nil)
        #expect(refusal(.patch) == "unauthorized")
        #expect(refusal(.delete, headers: [.authorization: "Bearer x"]) == "unauthorized")
        #expect(refusal(.delete, headers: [.authorization: Self.shown]) == nil)
        #expect(refusal(.post, token: nil, headers: [.authorization: Self.shown]) == "no_token")
    }

    @Test(arguments: ["evil.example", "127.0.0.1.evil.example:8080", "127.evil.example", "10.0.0.1:8080", ""])
    func `a name that was made to point here is not this machine`(host: String) {
        #expect(refusal(host: host) == "foreign_host")
        #expect(refusal(.get, "/health/live", host: host) == nil)
    }

    @Test(arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:8080", "[::1]", "127.9.8.7:80"])
    func `this machine has several names`(host: String) { #expect(refusal(host: host) == nil) }

    @Test func `a page of another site changes nothing, token or not`() {
        let other: HTTPFields = [.authorization: Self.shown, .origin: "http://evil.example"]
        #expect(refusal(.patch, headers: other) == "foreign_origin")
        let own: HTTPFields = [.authorization: Self.shown, .origin: "http://127.0.0.1:8080"]
        #expect(refusal(.patch, headers: own) == nil)
        #expect(refusal(.patch, headers: [.authorization: Self.shown, .origin: "null"]) == "foreign_origin")
    }

    @Test(arguments: [
        "/", "/metrics", "/v1/status", "/dashboard.js", "/health/livex", "/health/live/", "/nothing",
    ])
    func `off this machine nothing but health answers without the token`(path: String) {
        func off(_ headers: HTTPFields) -> String? {
            refusal(.get, path, host: "shoal.example", loopback: false, headers: headers)
        }
        #expect(off([:]) == "unauthorized")
        #expect(off([.authorization: Self.shown]) == nil)
    }

    @Test func `health answers everybody, and only to those who look`() {
        for path in ["/health/live", "/health/ready"] {
            #expect(refusal(.get, path, host: "shoal.example", loopback: false) == nil)
            #expect(refusal(.post, path, host: "shoal.example", loopback: false) == "unauthorized")
        }
    }
}
