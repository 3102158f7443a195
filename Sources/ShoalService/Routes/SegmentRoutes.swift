internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import ShoalCore
internal import ShoalEngine

/// `/v1/segments` and `/v1/transitions`.
struct SegmentRoutes {
    private static let minutesDefault = 60

    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/v1/segments", list), Route(.get, "/v1/segments/:id", one),
            Route(.patch, "/v1/segments/:id", rename), Route(.get, "/v1/transitions", transitions),
        ]
    }

    private func list(_ request: Request, _ context: ServiceContext) async throws -> Response {
        ServiceAnswer.json(state.segmentsView())
    }

    private func one(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let id = try context.text("id")
        guard let personas = state.personas.content(),
            let view = SegmentView(id, personas, status: state.engine.status(), watch: state.watch)
        else { throw ServiceError.notFound("the model in force has no segment `\(id)`") }
        return ServiceAnswer.json(view)
    }

    private struct Wish: Decodable {
        let name: String
    }

    private struct Named: Encodable {
        let id: String
        let name: String
        let model: StatusView.Model
    }

    private func rename(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let id = try context.text("id")
        let wish: Wish = try await ServiceWrite.body(of: request, example: #"{"name":"big spenders"}"#)
        let before = state.personas.content()?.names[id]
        let entries = try await ServiceWrite.order(state.engine) { shelf throws(ModelShelfError) in
            try shelf.renaming(id, to: wish.name)
        }
        guard let model = entries.first?.model, let segment = model.segments.first(where: { $0.label == id })
        else { throw ServiceError.conflict("nothing was renamed") }
        AuditLine(action: "rename segment", subject: id, before: before, after: segment.name)
            .log(context, state.logger)
        return ServiceAnswer.json(
            Named(
                id: id, name: segment.name,
                model: StatusView.Model(version: model.version, generation: model.generation)))
    }

    private func transitions(_ request: Request, _ context: ServiceContext) async throws -> Response {
        var minutes = Self.minutesDefault
        for (name, value) in request.uri.queryParameters {
            guard name == "minutes", let number = Int(value), (1...MoveHistory.minutesMax).contains(number)
            else {
                throw ServiceError.badRequest(
                    "\(name)=\(value): there is minutes=, from 1 to \(MoveHistory.minutesMax)")
            }
            minutes = number
        }
        return ServiceAnswer.json(TransitionsView(minutes: minutes, watch: state.watch))
    }
}
