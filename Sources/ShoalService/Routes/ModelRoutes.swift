internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import ShoalCore
internal import ShoalEngine

/// `/v1/model`, with what puts another one in force, its card, and `/v1/drift`.
struct ModelRoutes {
    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/v1/model", show), Route(.get, "/v1/model/card", card),
            Route(.post, "/v1/model/promote", promote), Route(.post, "/v1/model/rollback", rollBack),
            Route(.get, "/v1/drift", drift),
        ]
    }

    private struct Target: Decodable {
        let to: Int?
    }

    private func show(_ request: Request, _ context: ServiceContext) async throws -> Response {
        ServiceAnswer.json(ModelView(state.engine.shelf, words: state.settings.featureWords))
    }

    private func card(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let card = ModelCard(
            state.engine.shelf, engine: state.engine.settings, status: state.engine.status(),
            settings: state.settings, alerts: state.feed.alerts(from: 0).records.map(\.json))
        let wanted = request.headers[.accept] ?? ""
        if wanted.contains("application/json") { return ServiceAnswer.json(card) }
        return ServiceAnswer.bytes(card.markdown.utf8, type: "text/markdown; charset=utf-8")
    }

    private func drift(_ request: Request, _ context: ServiceContext) async throws -> Response {
        ServiceAnswer.json(DriftView.json(state.feed.alerts(from: 0).records.map(\.json)))
    }

    private func promote(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let before = state.engine.shelf.live
        let entries = try await ServiceWrite.order(state.engine) { shelf throws(ModelShelfError) in
            try shelf.promoting()
        }
        return try answer(entries, action: "promote", before: before, context)
    }

    private func rollBack(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let target: Target = try await ServiceWrite.body(of: request, example: #"{"to":412} or {}"#)
        let before = state.engine.shelf.live
        let entries = try await ServiceWrite.order(state.engine) { shelf throws(ModelShelfError) in
            try shelf.rollingBack(to: target.to)
        }
        return try answer(entries, action: "roll back", before: before, context)
    }

    private func answer(
        _ entries: [ModelShelf.Entry], action: String, before: SegmentModel?, _ context: ServiceContext
    ) throws -> Response {
        guard let live = entries.first(where: { $0.key == .live })?.model else {
            throw ServiceError.conflict("nothing was put in force")
        }
        AuditLine(
            action: action, subject: "model", before: before.map { "version \($0.version)" },
            after: "version \(live.version), generation \(live.generation)"
        ).log(context, state.logger)
        return ServiceAnswer.json(StatusView.Model(version: live.version, generation: live.generation))
    }
}
