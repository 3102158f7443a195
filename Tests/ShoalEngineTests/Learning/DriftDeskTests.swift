import ShoalCore
import ShoalEngine
import ShoalTestSupport
import Testing

/// What the daemon's trainer sends of drift, from summaries alone.
@Suite struct DriftDeskTests {
    private static let start: Int64 = 1_767_225_600_000
    private static let quarterOfHour: Int64 = 900_000
    private static let stepsBefore = 300
    private static let stepsMax = 340

    private struct Ending {
        var desk: DriftDesk
        var trainer: Trainer
        var alerts: [DriftAlert]
        var outcome: Trainer.DriftOutcome
        var step: Int
    }

    /// Lets two groups move together, and stops when the trainer has responded.
    private func drifted(_ response: ModelSettings.DriftResponse, seed: UInt64) -> Ending {
        var settings = ModelSettings()
        settings.clusterCount = .fixed(2)
        settings.warmup = 400
        settings.driftResponse = response
        let features = StreamOfShoppers.features(2)
        var trainer = Trainer(features: features, planHash: 7, settings: settings)
        var desk = DriftDesk(features: features, resuming: nil)
        var before = StreamOfShoppers(centres: [[0, 0], [6, 6]], seed: seed)
        var after = StreamOfShoppers(centres: [[0, 3], [6, 9]], seed: seed &+ 1)
        var all: [DriftAlert] = []
        var outcome = Trainer.DriftOutcome.nothing
        var step = 0
        while step < Self.stepsMax, outcome == .nothing {
            let time = Self.start + Int64(step) * Self.quarterOfHour
            let model = trainer.model
            let summary =
                step < Self.stepsBefore
                ? before.summary(count: 256, model: model, time: time, sampleMax: 64)
                : after.summary(count: 256, model: model, time: time, sampleMax: 64)
            _ = trainer.absorb(summary)
            let (alerts, made) = desk.absorb(summary, trainer: &trainer)
            all += alerts
            outcome = made
            step += 1
        }
        return Ending(desk: desk, trainer: trainer, alerts: all, outcome: outcome, step: step)
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `reseed puts a new generation in force when the alerts are resolved`(seed: UInt64) throws {
        var ending = drifted(.reseed, seed: seed)
        guard case .reseeded(let model) = ending.outcome else {
            Issue.record("seed \(seed): \(ending.outcome) after \(ending.step) summaries")
            return
        }
        #expect(ending.step > Self.stepsBefore, "seed \(seed)")
        #expect(model.generation == 2 && ending.trainer.model == model)
        #expect(ending.desk.unsentProposal == nil)
        #expect(ending.desk.active.isEmpty)
        let raised = ending.alerts.filter { $0.state == .raised }.map(\.id)
        #expect(!raised.isEmpty)
        #expect(Set(ending.alerts.filter { $0.state == .resolved }.map(\.id)) == Set(raised))
        #expect(ending.desk.takeAlerts() == ending.alerts)
        #expect(ending.desk.takeAlerts().isEmpty, "nothing is sent twice")
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `propose leaves the model in force and keeps a candidate to send once`(seed: UInt64) throws {
        var ending = drifted(.propose, seed: seed)
        guard case .proposed(let candidate) = ending.outcome else {
            Issue.record("seed \(seed): \(ending.outcome) after \(ending.step) summaries")
            return
        }
        #expect(ending.trainer.model?.generation == 1)
        #expect(candidate.generation == 2)
        #expect(ending.desk.takeProposal() == candidate)
        #expect(ending.desk.takeProposal() == nil)
    }

    @Test func `alert tells of the same drift and changes nothing`() {
        let ending = drifted(.alert, seed: 1)
        #expect(ending.outcome == .nothing && ending.step == Self.stepsMax)
        #expect(ending.trainer.model?.generation == 1)
        #expect(ending.alerts.contains { $0.state == .raised && $0.subject == "f1" })
        #expect(ending.desk.unsentProposal == nil)
    }
}
