internal import Foundation
internal import Hummingbird
internal import ShoalCore
internal import ShoalEngine

/// What all routes that change something have in common.
enum ServiceWrite {
    /// Reads a body of JSON.
    ///
    /// - Parameters:
    ///   - request: whose body it is; not more than a few words are read.
    ///   - example: what the body should be.
    /// - Returns: what it says.
    /// - Throws: `ServiceError` if it is not that.
    static func body<Body: Decodable>(of request: Request, example: String) async throws -> Body {
        let buffer = try await request.body.collect(upTo: ServiceError.bodyBytesMax)
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(buffer.readableBytesView)) else {
            throw ServiceError.badRequest("the body is not what is expected here: \(example)")
        }
        return body
    }

    /// Puts an order in force.
    ///
    /// - Throws: `ServiceError` if it is refused, or the broker does not take it.
    static func order(
        _ engine: Engine,
        _ body: @escaping @Sendable (ModelShelf) throws(ModelShelfError) -> [ModelShelf.Entry]
    ) async throws -> [ModelShelf.Entry] {
        do {
            return try await BlockingWork.run { try engine.order(body) }
        } catch let error as ModelShelfError {
            throw ServiceError.conflict("\(error)")
        } catch {
            throw ServiceError.unavailable("\(error)")
        }
    }
}
