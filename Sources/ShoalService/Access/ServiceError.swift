internal import HTTPTypes

/// Why a request is not answered as it wished, with what to do about it.
struct ServiceError: Error {
    static let bodyBytesMax = 16_384

    let status: HTTPResponse.Status
    let code: String
    let message: String
    var headers: HTTPFields = [:]
    /// Of the instance that has what was asked for.
    var address: String?

    static func badRequest(_ message: String) -> ServiceError {
        ServiceError(status: .badRequest, code: "bad_request", message: message)
    }

    static func notFound(_ message: String) -> ServiceError {
        ServiceError(status: .notFound, code: "not_found", message: message)
    }

    static func conflict(_ message: String) -> ServiceError {
        ServiceError(status: .conflict, code: "conflict", message: message)
    }

    static func unavailable(_ message: String) -> ServiceError {
        ServiceError(
            status: .serviceUnavailable, code: "unavailable", message: message,
            headers: [.retryAfter: "1"])
    }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> ServiceError {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return ServiceError(
            status: .methodNotAllowed, code: "method_not_allowed",
            message: "this address answers \(names) only", headers: [.allow: names])
    }
}
