internal import ShoalCore
internal import ShoalEngine
internal import Synchronization

/// The personas of the model in force, made once per version and not more often than people can tell.
final class PersonaCache: Sendable {
    struct Content: Sendable {
        let version: Int
        let generation: Int
        let personas: [Persona]
        let positions: [SegmentMap.Position]
        let lineage: [SegmentLineage]
        /// By label.
        let names: [String: String]
    }

    private struct State {
        var content: Content?
        var madeAt: Int64 = .min / 2
    }

    /// A trainer publishes ten models a second.
    private static let ageMilliseconds: Int64 = 1_000

    private let engine: Engine
    private let state = Mutex(State())

    init(engine: Engine) { self.engine = engine }

    /// `nil` before the first model.
    func content() -> Content? {
        let now = SystemClock.monotonicMilliseconds
        let known = state.withLock { state in
            now - state.madeAt < Self.ageMilliseconds ? state.content : nil
        }
        if let known { return known }
        guard let model = engine.shelf.live else { return nil }
        let content = Content(
            version: model.version, generation: model.generation, personas: Persona.personas(of: model),
            positions: SegmentMap(of: model).positions, lineage: model.lineage,
            names: Dictionary(model.segments.map { ($0.label, $0.name) }) { first, _ in first })
        state.withLock { state in
            state.content = content
            state.madeAt = now
        }
        return content
    }
}
