/// All monitors of one trainer: fed with what batch summaries hold, they tell what has drifted.
///
/// Pure: the same inputs in the same order give the same findings; a copy is a snapshot. Memory is bounded:
/// some kilobytes per feature, segment mix and event-type mix, whatever the length of the stream.
package struct DriftMonitors: Equatable, Sendable {
    /// Inputs that were not used: misshapen, or with values that are not finite.
    package private(set) var refusedInputs = 0
    /// Vectors seen so far; alerts live by it and by stream time.
    package private(set) var vectors = 0
    /// Latest stream time so far, epoch milliseconds.
    package private(set) var newestTime: Int64 = 0

    private let settings: DriftSettings
    private var features: [FeatureMonitor]
    private var fit: ScalarMonitor
    private var moves: ScalarMonitor
    private var rejects: ScalarMonitor
    private var lag: ScalarMonitor
    private var volume: VolumeMonitor
    private var eventTypes: EventTypeMix
    private var segments: MixMonitor?
    private var segmentIDs: [Int] = []
    private var generation = 0

    /// The last millisecond that sums of times cannot overflow with: far beyond any valid event.
    private static let timeMax: Int64 = 1 << 53
    /// More in one batch is no count but a fault.
    private static let countMax = 1 << 40

    /// What is to be known of a feature.
    package struct Feature: Equatable, Sendable {
        package var name: String
        package var scale: InflowScale

        package init(name: String, scale: InflowScale = .linear) {
            self.name = name
            self.scale = scale
        }
    }

    /// - Precondition: `features` is not empty.
    package init(features watched: [Feature], settings: DriftSettings = DriftSettings()) {
        precondition(!watched.isEmpty, "There is at least one feature.")
        self.settings = settings
        features = watched.map { FeatureMonitor(name: $0.name, scale: $0.scale, settings: settings) }
        // The model follows the data, and profiles fill: both are compared with the day before.
        fit = ScalarMonitor(
            monitor: .fit, scale: .logarithmic, effectMin: settings.fitEffectMin, settings: settings,
            reference: .latest)
        moves = ScalarMonitor(
            monitor: .transitions, scale: .logarithmic, effectMin: settings.factorEffectMin,
            settings: settings, reference: .latest, isRare: true)
        rejects = ScalarMonitor(
            monitor: .rejectRate, scale: .linear, effectMin: settings.rejectEffectMin, settings: settings)
        lag = ScalarMonitor(
            monitor: .lag, scale: .logarithmic, effectMin: settings.factorEffectMin, settings: settings,
            isRare: true)
        volume = VolumeMonitor(settings: settings)
        eventTypes = EventTypeMix(settings: settings)
    }

    /// Takes the next batch and returns what it shows, at most one finding per monitor.
    ///
    /// - Complexity: O(d · n) for n sampled vectors, and O(d · log of the window) about every 256 vectors.
    package mutating func absorb(_ input: DriftInput) -> [DriftFinding] {
        guard accepts(input) else {
            refusedInputs += 1
            return []
        }
        newestTime = max(newestTime, input.streamTimeMilliseconds)
        vectors += input.count
        var findings: [DriftFinding] = []
        followModel(input)
        absorbFeatures(input, into: &findings)
        absorbSegments(input, into: &findings)
        absorbTraffic(input, into: &findings)
        return findings
    }

    private func accepts(_ input: DriftInput) -> Bool {
        let d = features.count
        guard (0...Self.timeMax).contains(input.streamTimeMilliseconds),
            ([input.count, input.acceptedEvents, input.rejectedRecords, input.segmentMoves]
                + input.segmentCounts + input.valueCounts + input.eventTypes.map(\.count)).allSatisfy({
                    (0...Self.countMax).contains($0)
                }),
            input.segmentCounts.count == input.segmentIDs.count,
            DriftValue.isUsable(input.squaredDistanceSum), DriftValue.isUsable(input.lagMilliseconds ?? 0)
        else { return false }
        return input.valueCounts.count == d && input.means.count == d && input.squaredDeviations.count == d
            && input.sample.count.isMultiple(of: d) && input.means.allSatisfy(DriftValue.isUsable)
            && input.squaredDeviations.allSatisfy({ $0 >= 0 && DriftValue.isUsable($0) })
    }

    /// Learns anew what is measured against segments when the segments are others.
    private mutating func followModel(_ input: DriftInput) {
        guard input.generation != generation || input.segmentIDs != segmentIDs else { return }
        generation = input.generation
        segmentIDs = input.segmentIDs
        fit.restart()
        moves.restart()
        segments =
            segmentIDs.isEmpty
            ? nil
            : MixMonitor(categoryCount: segmentIDs.count, settings: settings, reference: .latest)
    }

    private mutating func absorbFeatures(_ input: DriftInput, into findings: inout [DriftFinding]) {
        let d = features.count
        for axis in features.indices where input.valueCounts[axis] > 0 {
            let values = stride(from: axis, to: input.sample.count, by: d).lazy
                .map { Double(input.sample[$0]) }.filter(\.isFinite)
            let finding = features[axis].absorb(
                count: Double(input.valueCounts[axis]), mean: input.means[axis],
                squaredDeviations: input.squaredDeviations[axis], sample: values, at: newestTime)
            if let finding { findings.append(finding) }
        }
    }

    private mutating func absorbSegments(_ input: DriftInput, into findings: inout [DriftFinding]) {
        let assigned = input.segmentCounts.reduce(0, +)
        guard assigned > 0 else { return }
        let meanFit = input.squaredDistanceSum / Double(assigned * features.count)
        if let finding = fit.absorb(count: Double(assigned), mean: meanFit, at: newestTime) {
            findings.append(finding)
        }
        let moved = moves.absorb(
            count: Double(assigned), mean: Double(input.segmentMoves) / Double(assigned), at: newestTime)
        if let moved { findings.append(moved) }
        guard let change = segments?.absorb(input.segmentCounts.map(Double.init), at: newestTime) else {
            return
        }
        if change.isFinal { segments?.restart() }
        findings.append(
            DriftFinding(
                change, monitor: .segments, subject: "s\(segmentIDs[change.category])", settings: settings))
    }

    private mutating func absorbTraffic(_ input: DriftInput, into findings: inout [DriftFinding]) {
        let records = Double(input.acceptedEvents) + Double(input.rejectedRecords)
        let found = [
            eventTypes.absorb(input.eventTypes, at: newestTime),
            rejects.absorb(
                count: records, mean: Double(input.rejectedRecords) / max(records, 1), at: newestTime),
            volume.absorb(events: Double(input.acceptedEvents), at: newestTime),
            input.lagMilliseconds.flatMap {
                lag.absorb(
                    count: Double(input.acceptedEvents), mean: max($0, 0) / 1_000, at: newestTime)
            },
        ]
        for finding in found { if let finding { findings.append(finding) } }
    }
}
