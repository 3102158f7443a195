import ShoalTestSupport
import Testing

@testable import ShoalCore

/// What `on_drift` makes of alerts.
@Suite struct TrainerDriftTests {
    private static let day: Int64 = 86_400_000

    private func settings(_ response: ModelSettings.DriftResponse) -> ModelSettings {
        var settings = ModelSettings()
        settings.clusterCount = .fixed(2)
        settings.warmup = 400
        settings.driftResponse = response
        return settings
    }

    private func alert(
        _ state: DriftAlert.State, monitor: DriftFinding.Monitor = .feature,
        severity: DriftFinding.Severity = .warning
    ) -> DriftAlert {
        DriftAlert(
            id: "a#1", state: state, severity: severity, monitor: monitor, subject: "f0", direction: .up,
            size: 1, statistic: .adaptiveWindowMean, threshold: 0.5, reference: 0, current: 1,
            sinceMilliseconds: 0, atMilliseconds: 0, modelVersion: 1, modelGeneration: 1)
    }

    /// A trainer that has learned two groups, a summary a quarter of an hour.
    private func trained(
        _ response: ModelSettings.DriftResponse, seed: UInt64
    ) -> (trainer: Trainer, time: Int64) {
        var trainer = Trainer(
            features: StreamOfShoppers.features(2), planHash: 7, settings: settings(response))
        var stream = StreamOfShoppers(centres: [[0, 0], [9, 0]], seed: seed)
        var time: Int64 = 0
        for _ in 0..<40 {
            time += Self.day / 96
            _ = trainer.absorb(
                stream.summary(count: 64, model: trainer.model, planHash: 7, time: time))
        }
        return (trainer, time)
    }

    @Test func `adapt learns eight times as fast while customers drift, and no longer`() {
        var (trainer, _) = trained(.adapt, seed: 1)
        let usual = settings(.adapt).halfLife
        #expect(trainer.learningHalfLife == usual)
        #expect(trainer.respond(to: [alert(.raised)], active: [alert(.raised)]) == .nothing)
        #expect(trainer.learningHalfLife == usual / 8)
        #expect(trainer.respond(to: [], active: [alert(.ongoing)]) == .nothing)
        #expect(trainer.learningHalfLife == usual / 8)
        #expect(trainer.respond(to: [alert(.resolved)], active: []) == .nothing)
        #expect(trainer.learningHalfLife == usual)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `adapt follows a population that has moved closer than alert does`(seed: UInt64) throws {
        func distance(_ response: ModelSettings.DriftResponse) throws -> Double {
            var (trainer, time) = trained(response, seed: seed)
            var moved = StreamOfShoppers(centres: [[0, 5], [9, 5]], seed: seed &+ 1)
            for step in 0..<40 {
                time += Self.day / 8
                let model = try #require(trainer.model)
                _ = trainer.absorb(moved.summary(count: 64, model: model, planHash: 7, time: time))
                let records = step == 0 ? [alert(.raised)] : []
                _ = trainer.respond(to: records, active: [alert(.ongoing)])
            }
            return abs(try #require(trainer.model).means[1] - 5)
        }
        let (slow, fast) = (try distance(.alert), try distance(.adapt))
        // As many vectors since as before, and five days: by the decayed masses 1.2 and 2.3 are left.
        #expect(fast < 0.6 * slow, "seed \(seed): \(fast) and \(slow)")
    }

    @Test func `faults of a source and mere news change nothing`() {
        for monitor in [DriftFinding.Monitor.volume, .lag, .rejectRate, .eventTypes] {
            var (trainer, _) = trained(.adapt, seed: 1)
            _ = trainer.respond(
                to: [alert(.raised, monitor: monitor)], active: [alert(.raised, monitor: monitor)])
            #expect(trainer.learningHalfLife == settings(.adapt).halfLife, "\(monitor)")
        }
        var (trainer, _) = trained(.adapt, seed: 1)
        _ = trainer.respond(to: [], active: [alert(.ongoing, monitor: .segments, severity: .info)])
        #expect(trainer.learningHalfLife == settings(.adapt).halfLife)
    }

    /// Lets a trainer find two groups where it knew others, and returns what it made of them and when.
    private func reseeded(
        _ response: ModelSettings.DriftResponse, seed: UInt64
    ) throws -> (trainer: Trainer, before: SegmentModel, outcome: Trainer.DriftOutcome) {
        var (trainer, time) = trained(response, seed: seed)
        let before = try #require(trainer.model)
        #expect(trainer.respond(to: [alert(.raised)], active: [alert(.raised)]) == .nothing)
        #expect(trainer.reservoir.count == 0, "what came before the change is not learned from")
        var moved = StreamOfShoppers(centres: [[0, 0], [0, 9]], seed: seed &+ 1)
        var outcome = Trainer.DriftOutcome.nothing
        for step in 0..<40 where outcome == .nothing {
            time += Self.day / 96
            _ = trainer.absorb(
                moved.summary(count: 64, model: trainer.model, planHash: 7, time: time))
            let active = step < 20 ? [alert(.ongoing)] : []
            outcome = trainer.respond(to: step == 20 ? [alert(.resolved)] : [], active: active)
            #expect(step >= 20 || outcome == .nothing, "not while the change may go on")
        }
        return (trainer, before, outcome)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `reseed finds the new groups when the alerts are resolved, and keeps who is still there`(
        seed: UInt64
    ) throws {
        let (trainer, before, outcome) = try reseeded(.reseed, seed: seed)
        guard case .reseeded(let model) = outcome else {
            Issue.record("seed \(seed): \(outcome)")
            return
        }
        #expect(trainer.model == model)
        #expect(model.generation == before.generation + 1)
        #expect(model.version > before.version)
        let centres = (0..<2).map { Array(model.centroids[2 * $0..<2 * $0 + 2]) }
        for truth in [[0.0, 0], [0, 9]] {
            #expect(
                centres.contains { abs($0[0] - truth[0]) < 0.5 && abs($0[1] - truth[1]) < 0.5 },
                "seed \(seed): \(centres)")
        }
        #expect(!Set(model.segments.map(\.id)).isDisjoint(with: before.segments.map(\.id)))
        let again = try reseeded(.reseed, seed: seed)
        #expect(again.outcome == outcome, "the same seed gives the same model")
    }

    @Test func `propose leaves the live model in force`() throws {
        let (trainer, before, outcome) = try reseeded(.propose, seed: 3)
        guard case .proposed(let candidate) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(trainer.model?.generation == before.generation)
        #expect(candidate.generation == before.generation + 1)
    }

    @Test func `alert and ignore do nothing`() throws {
        for response in [ModelSettings.DriftResponse.alert, .ignore] {
            var (trainer, _) = trained(response, seed: 1)
            #expect(trainer.respond(to: [alert(.raised)], active: [alert(.raised)]) == .nothing)
            #expect(trainer.reservoir.count > 0)
            #expect(trainer.learningHalfLife == settings(response).halfLife)
        }
    }
}
