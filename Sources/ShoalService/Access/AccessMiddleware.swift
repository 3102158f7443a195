internal import HTTPTypes
internal import Hummingbird

/// Lets a request through that may ask this, and turns every error into an answer.
///
/// On loopback whoever is on this machine may read; a page of another site must not, so the `Host` that a
/// browser was told has to be this machine's (DNS rebinding), and what comes from another origin may change
/// nothing. Off loopback everything but health wants the token.
struct AccessMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    private static let loopbackNames: Set<String> = ["localhost", "127.0.0.1", "[::1]", "::1"]

    /// What it listens on.
    let host: String
    let isLoopback: Bool
    let token: APIToken?

    func handle(
        _ request: Request, context: ServiceContext,
        next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            if let refusal = refusal(request) { throw refusal }
            response = try await next(request, context)
        } catch let error as ServiceError {
            response = ServiceAnswer.error(error)
        } catch let error as any HTTPResponseError {
            response = ServiceAnswer.error(Self.described(error.status))
        }
        for field in Self.headers { response.headers[field.name] = field.value }
        return response
    }

    private static func described(_ status: HTTPResponse.Status) -> ServiceError {
        switch status {
        case .notFound: ServiceError.notFound("there is nothing at this address")
        case .contentTooLarge:
            ServiceError(
                status: status, code: "too_large",
                message: "a body has at most \(ServiceError.bodyBytesMax) bytes")
        default: ServiceError(status: status, code: "refused", message: status.reasonPhrase)
        }
    }

    /// Why the request is not let through; `nil` if it is.
    func refusal(_ request: Request) -> ServiceError? {
        let path = request.uri.path
        let isWrite = request.method != .get && request.method != .head
        if path == "/health/live" || path == "/health/ready", !isWrite { return nil }
        if isLoopback, !isOwnHost(request.head.authority) {
            return ServiceError(
                status: .forbidden, code: "foreign_host",
                message: "this address answers on loopback only; ask for it as 127.0.0.1 or localhost")
        }
        if isWrite, let origin = request.headers[.origin], !isSame(origin, as: request.head.authority) {
            return ServiceError(
                status: .forbidden, code: "foreign_origin",
                message: "pages of other sites change nothing here")
        }
        guard isWrite || !isLoopback else { return nil }
        guard let token else {
            return ServiceError(
                status: .forbidden, code: "no_token",
                message: "nothing can be changed here: the daemon was started without SHOAL_API_TOKEN")
        }
        if token.admits(authorization: request.headers[.authorization]) { return nil }
        return ServiceError(
            status: .unauthorized, code: "unauthorized",
            message: "send the daemon's token, as `Authorization: Bearer TOKEN`",
            // A browser that asks for a page is to ask its user; a script that writes has its own way to.
            headers: isWrite ? [.wwwAuthenticate: "Bearer"] : [.wwwAuthenticate: "Basic realm=\"Shoal\""])
    }

    private func isOwnHost(_ authority: String?) -> Bool {
        guard let authority else { return true }
        var name = Substring(authority)
        if let colon = name.lastIndex(of: ":"), name.hasPrefix("[") ? name[colon...].count > 1 : true,
            name[name.index(after: colon)...].allSatisfy(\.isNumber)
        {
            name = name[..<colon]
        }
        return Self.loopbackNames.contains(name.lowercased()) || name == host
    }

    private func isSame(_ origin: String, as authority: String?) -> Bool {
        guard let authority, let slashes = origin.firstRange(of: "://") else { return false }
        return origin[slashes.upperBound...].lowercased() == authority.lowercased()
    }

    /// On every answer: no page may frame, sniff or run anything that is not from here.
    private static let headers: [HTTPField] = [
        HTTPField(
            name: .contentSecurityPolicy,
            value: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        // Not among the names that the library knows.
        HTTPField.Name("Referrer-Policy").map { HTTPField(name: $0, value: "no-referrer") },
        HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"),
    ].compactMap(\.self)
}
