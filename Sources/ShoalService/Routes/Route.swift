internal import HTTPTypes
internal import Hummingbird

/// One address that is answered by one method.
struct Route: Sendable {
    typealias Handler = @Sendable (Request, ServiceContext) async throws -> Response

    let method: HTTPRequest.Method
    /// With `:name` for what varies.
    let path: String
    let handler: Handler

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
    }

    private static let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options]

    /// Makes a router of routes; a method that an address does not know is told which ones it does.
    static func router(_ routes: [Route], middleware: AccessMiddleware) -> Router<ServiceContext> {
        let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: middleware)
        for (path, known) in Dictionary(grouping: routes, by: \.path) {
            let allowed = known.map(\.method)
            for route in known { router.on(RouterPath(path), method: route.method, use: route.handler) }
            for method in methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw ServiceError.methodNotAllowed(allowed)
                }
            }
        }
        return router
    }
}

extension ServiceContext {
    /// A part of the address that varies, as text.
    ///
    /// - Throws: `ServiceError` if it is no text.
    func text(_ name: Substring) throws -> String {
        let bytes = try bytes(name)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ServiceError.badRequest("the address has bytes that are not UTF-8")
        }
        return text
    }

    /// A part of the address that varies, as it was before it was put into an address.
    ///
    /// - Throws: `ServiceError` if it is empty or escaped wrongly.
    func bytes(_ name: Substring) throws -> [UInt8] {
        guard let part = parameters.get(String(name)), let bytes = PercentText.decoded(part), !bytes.isEmpty
        else {
            throw ServiceError.badRequest("the address has a percent sign that escapes nothing")
        }
        return bytes
    }
}
