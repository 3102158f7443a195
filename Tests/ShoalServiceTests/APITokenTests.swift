@testable internal import ShoalService
internal import Testing

@Suite struct APITokenTests {
    private let token = APIToken("correct-horse-battery")

    @Test(
        arguments: [
            "Bearer correct-horse-battery", "bearer  correct-horse-battery",
            // anybody:correct-horse-battery
            "Basic YW55Ym9keTpjb3JyZWN0LWhvcnNlLWJhdHRlcnk=",
        ])
    func `the token lets in, however it is shown`(authorization: String) {
        #expect(token.admits(authorization: authorization))
    }

    @Test(
        arguments: [
            nil, "", "Bearer", "Bearer ", "Bearer correct-horse-batterz", "Bearer correct-horse-batter",
            "Bearer correct-horse-battery ", "Bearer correct-horse-batterycorrect-horse-battery",
            "Digest correct-horse-battery", "correct-horse-battery", "Basic ???", "Basic YW55Ym9keQ==",
            "Basic YW55Ym9keTpjb3JyZWN0LWhvcnNlLWJhdHRlcg==",
        ] as [String?])
    func `anything else does not`(authorization: String?) {
        #expect(!token.admits(authorization: authorization))
    }
}
