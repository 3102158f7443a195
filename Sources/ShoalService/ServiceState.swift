internal import Logging
internal import ShoalEngine

/// What every route has at hand.
struct ServiceState: Sendable {
    let settings: ServiceSettings
    let engine: Engine
    let feed: LiveFeed
    let watch: EngineWatch
    let personas: PersonaCache
    let subscribers: SubscriberList
    let lookUps: LookUps
    let pulse: Pulse
    let logger: Logger

    func statusView() -> StatusView {
        let status = engine.status()
        return StatusView(
            status, obstacles: obstacles(status), settings: settings, engine: engine.settings,
            subscribers: subscribers.count)
    }

    /// Why the process is not ready; empty if it is.
    func obstacles(_ status: EngineStatus) -> [String] {
        Readiness.obstacles(status, isLagUnbounded: watch.isLagUnbounded)
    }

    func segmentsView() -> SegmentsView {
        SegmentsView(engine.status(), personas: personas.content(), watch: watch)
    }
}
