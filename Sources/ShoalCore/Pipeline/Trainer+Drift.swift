/// What the trainer does about drift, as `on_drift` says: learn faster for a while, or start again from what
/// came since.
extension Trainer {
    /// What a response has led to.
    package enum DriftOutcome: Equatable, Sendable {
        case nothing
        /// A model to publish.
        case reseeded(SegmentModel)
        /// A model that somebody has to approve of.
        case proposed(SegmentModel)
    }

    /// By how much the half-life is shorter while customers drift.
    ///
    /// The weight of the past falls to a half eight times as soon, as after three half-lives of the usual
    /// length: most of what is known then comes from after the change.
    static let adaptationFactor: Int64 = 8

    /// Half-life of what is learned just now.
    var learningHalfLife: Int64 {
        isAdapting ? max(1, settings.halfLife / Self.adaptationFactor) : settings.halfLife
    }

    /// Does what the settings ask for.
    ///
    /// - Parameters:
    ///   - written: Alert records of this moment.
    ///   - active: Alerts that are not resolved.
    /// - Returns: what to publish or to propose.
    package mutating func respond(to written: [DriftAlert], active: [DriftAlert]) -> DriftOutcome {
        let isDrifting = active.contains(where: \.concernsCustomers)
        switch settings.driftResponse {
        case .ignore, .alert: return .nothing
        case .adapt:
            isAdapting = isDrifting
            return .nothing
        case .reseed, .propose:
            if written.contains(where: { $0.state == .raised && $0.concernsCustomers }) { gatherAnew() }
            // As long as an alert lives the change may still be under way.
            guard isGatheringAnew, !isDrifting,
                reservoir.count >= min(settings.warmup, reservoir.capacity)
            else { return .nothing }
            isGatheringAnew = false
            return learnAnew()
        }
    }

    /// Empties the reservoir, so that what it holds next has come after the change.
    private mutating func gatherAnew() {
        settleReview()
        isGatheringAnew = true
        reservoir = Reservoir(
            capacity: reservoir.capacity, featureCount: featureCount, halfLife: settings.halfLife,
            seed: generator.next())
    }

    private mutating func learnAnew() -> DriftOutcome {
        settleReview()
        var candidate = self
        guard let model = candidate.reseed(), model.generation != self.model?.generation else {
            return .nothing
        }
        guard settings.driftResponse == .reseed else { return .proposed(model) }
        self = candidate
        return .reseeded(model)
    }
}

extension DriftAlert {
    /// Whether it says that customers are others than they were, and not that a source has a fault.
    var concernsCustomers: Bool {
        switch monitor {
        case .fit, .feature, .segments, .transitions: severity >= .warning
        case .eventTypes, .rejectRate, .volume, .lag: false
        }
    }
}
