/// The secret that a request must show, compared in a time that tells nothing about it.
struct APIToken: Sendable {
    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Whether a text is the token.
    ///
    /// Every byte of what was given is looked at, whatever was found before it; only the length of what was
    /// given shows in the time.
    func matches(_ text: some StringProtocol) -> Bool {
        let given = Array(text.utf8)
        var difference = given.count ^ bytes.count
        for index in given.indices { difference |= Int(given[index] ^ bytes[index % bytes.count]) }
        return difference == 0
    }

    /// Whether a request's `Authorization` shows it, as `Bearer TOKEN`, or as the password of `Basic`, which
    /// is what a browser can be asked for.
    func admits(authorization: String?) -> Bool {
        guard let authorization, let space = authorization.firstIndex(of: " ") else { return false }
        let credentials = authorization[authorization.index(after: space)...].drop { $0 == " " }
        switch authorization[..<space].lowercased() {
        case "bearer": return matches(credentials)
        case "basic":
            guard let text = Base64Text.decoded(credentials), let colon = text.firstIndex(of: ":") else {
                return false
            }
            return matches(text[text.index(after: colon)...])
        default: return false
        }
    }
}
