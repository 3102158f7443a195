internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Answers in the few shapes that the service has.
enum ServiceAnswer {
    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        json(encoded(value), status: status)
    }

    /// JSON in the style of Shoal's other outputs.
    static func encoded(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Every number that is answered is finite, and nothing else can fail.
        return (try? encoder.encode(value)).map { Array($0) } ?? Array("null".utf8)
    }

    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        self.bytes(bytes, type: "application/json; charset=utf-8", status: status)
    }

    static func bytes(
        _ bytes: some Collection<UInt8>, type: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        // What is known now is another thing a moment later.
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func error(_ error: ServiceError) -> Response {
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("error")
            writer.object { writer in
                writer.key("code")
                writer.string(error.code)
                writer.key("message")
                writer.string(error.message)
            }
            if error.status == .misdirectedRequest {
                writer.key("address")
                writer.string(error.address)
            }
        }
        var response = json(writer.bytes, status: error.status)
        for field in error.headers { response.headers[field.name] = field.value }
        return response
    }
}
