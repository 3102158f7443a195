/// Watches the mix of event types; the first 31 that come are told apart, the others are one.
struct EventTypeMix: Equatable, Sendable {
    private static let namesMax = 31

    private let settings: DriftSettings
    private var names: [String] = []
    private var mix: MixMonitor
    private var counts: [Double]

    init(settings: DriftSettings) {
        self.settings = settings
        mix = MixMonitor(categoryCount: Self.namesMax + 1, settings: settings)
        counts = Array(repeating: 0, count: Self.namesMax + 1)
    }

    mutating func absorb(_ types: [BatchSummary.EventTypeCount], at time: Int64) -> DriftFinding? {
        var isEmpty = true
        for type in types where type.count > 0 {
            isEmpty = false
            counts[index(of: type.name)] += Double(type.count)
        }
        guard !isEmpty else { return nil }
        let change = mix.absorb(counts, at: time)
        for index in counts.indices { counts[index] = 0 }
        guard let change else { return nil }
        if change.isFinal { mix.restart() }
        let name =
            change.category < names.count ? names[change.category] : BatchSummary.EventTypeCount.otherName
        return DriftFinding(change, monitor: .eventTypes, subject: name, settings: settings)
    }

    private mutating func index(of name: String) -> Int {
        if let known = names.firstIndex(of: name) { return known }
        guard names.count < Self.namesMax else { return Self.namesMax }
        names.append(name)
        return names.count - 1
    }
}
