internal import HTTPTypes
internal import Hummingbird
internal import ShoalEngine

/// `/health/live` and `/health/ready`, for whoever starts and stops processes, and `/v1/status` for people.
struct HealthRoutes {
    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/health/live", live), Route(.get, "/health/ready", ready),
            Route(.get, "/v1/status", status),
        ]
    }

    private struct Liveness: Encodable {
        let status: String
    }

    private struct Verdict: Encodable {
        let ready: Bool
        let reasons: [String]
    }

    private func live(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let isAlive = state.engine.failure == nil
        return ServiceAnswer.json(
            Liveness(status: isAlive ? "live" : "failed"), status: isAlive ? .ok : .serviceUnavailable)
    }

    private func ready(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let obstacles = state.obstacles(state.engine.status())
        return ServiceAnswer.json(
            Verdict(ready: obstacles.isEmpty, reasons: obstacles),
            status: obstacles.isEmpty ? .ok : .serviceUnavailable)
    }

    private func status(_ request: Request, _ context: ServiceContext) async throws -> Response {
        ServiceAnswer.json(state.statusView())
    }
}
