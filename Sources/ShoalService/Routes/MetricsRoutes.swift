internal import Hummingbird

/// `/metrics`.
struct MetricsRoutes {
    let state: ServiceState

    var all: [Route] {
        [
            Route(.get, "/metrics") { _, _ in
                ServiceAnswer.bytes(
                    EngineMetrics.text(state).utf8, type: "text/plain; version=0.0.4; charset=utf-8")
            }
        ]
    }
}
