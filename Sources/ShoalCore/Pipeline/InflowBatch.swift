/// What single events bring to the features, for the drift monitors.
///
/// A profile's features are slow and never at rest: accumulators fill for weeks while a stream is young, and
/// a change of behaviour shows in them only as fast as the past fades. So drift is looked for in what comes
/// in: the value each event would give a feature of a customer of whom nothing else is known. That has no
/// memory, and so no warm-up.
@safe struct InflowBatch: ~Copyable {
    /// Events of a batch that are looked at, as many as a cell of the monitors needs.
    ///
    /// Beyond them a batch says little more, and each costs as much again as taking its event in.
    static let eventsMax = 256

    /// How a feature's value comes out of a profile of one event; accumulators are by slot.
    private enum Recipe {
        case none
        /// Whether the event counts.
        case count(Int)
        /// What the event adds, where it adds anything.
        case sum(Int)
        /// For a mean or share: what it adds per what it counts, where it counts.
        case quotient(Int, Int)
        /// For a ratio: which of both it counts for, where it counts for any.
        case contrast(Int, Int)
        case last(slot: Int, time: Int)
    }

    private let plan: FeaturePlan
    private let recipes: FrozenArray<Recipe>
    private let scales: FrozenArray<InflowScale>
    // Both are rows of the plan's layout, owned by this value alone and freed in `deinit`.
    private let scratch: UnsafeMutableRawPointer
    private let empty: UnsafeMutableRawPointer

    private var events = 0
    private var counts: [Int]
    private var means: [Double]
    private var squaredDeviations: [Double]
    /// `[n × d]`, NaN where an event brought no value.
    private var sample: [Float] = []

    init(plan: FeaturePlan) {
        self.plan = plan
        recipes = FrozenArray(plan.definitions.indices.map { Self.recipe(of: $0, in: plan) })
        scales = FrozenArray(plan.definitions.map { $0.inflowScale ?? .linear })
        let stride = plan.layout.stride
        unsafe empty = .allocate(byteCount: stride, alignment: 8)
        unsafe empty.initializeMemory(as: UInt8.self, repeating: 0, count: stride)
        unsafe scratch = .allocate(byteCount: stride, alignment: 8)
        unsafe scratch.copyMemory(from: empty, byteCount: stride)
        let row = unsafe ProfileRow(base: empty)
        row.newestMilliseconds = .min
        for time in 0..<plan.layout.timeCount { row[time: time, plan.layout] = .min }
        counts = Array(repeating: 0, count: plan.featureCount)
        means = Array(repeating: 0, count: plan.featureCount)
        squaredDeviations = Array(repeating: 0, count: plan.featureCount)
    }

    deinit {
        unsafe scratch.deallocate()
        unsafe empty.deallocate()
    }

    private static func recipe(of feature: Int, in plan: FeaturePlan) -> Recipe {
        switch (plan.definitions[feature].kind, plan.recipes[feature]) {
        case (.count, .value(let slot)): return .count(slot)
        case (.sum, .value(let slot)): return .sum(slot)
        case (.mean, .mean(let sum, let count)): return .quotient(sum, count)
        case (.share, .ratio(let part, let whole, _, _)): return .quotient(part, whole)
        case (.ratio, .ratio(let one, let other, _, _)): return .contrast(one, other)
        case (.last, .last(let slot)):
            for index in plan.lasts.indices where plan.lasts[index].slot == slot {
                return .last(slot: slot, time: plan.lasts[index].time)
            }
            return .none
        default: return .none
        }
    }

    /// Looks at an accepted event, unless enough have been.
    ///
    /// - Complexity: O(accumulators + d). Does not allocate once the sample has grown.
    @inline(never)
    mutating func take(_ event: borrowing Event) {
        guard events < Self.eventsMax else { return }
        let isSampled = events < BatchSummary.sampleMax
        events += 1
        unsafe scratch.copyMemory(from: empty, byteCount: plan.layout.stride)
        let row = unsafe ProfileRow(base: scratch)
        plan.absorb(event, into: row)
        for feature in recipes.indices {
            let value = value(of: recipes[feature], row)
            guard let value, value.isFinite else {
                if isSampled { sample.append(.nan) }
                continue
            }
            let scaled = scales[feature].scaled(value)
            if isSampled { sample.append(Float(scaled)) }
            // Welford 1962.
            counts[feature] += 1
            let difference = scaled - means[feature]
            means[feature] += difference / Double(counts[feature])
            squaredDeviations[feature] += difference * (scaled - means[feature])
        }
    }

    @inline(__always)
    private func value(of recipe: Recipe, _ row: ProfileRow) -> Double? {
        let layout = plan.layout
        switch recipe {
        case .none: return nil
        case .count(let slot): return Double(row[accumulator: slot, layout])
        case .sum(let slot):
            let added = Double(row[accumulator: slot, layout])
            return added == 0 ? nil : added
        case .quotient(let part, let whole):
            let count = Double(row[accumulator: whole, layout])
            return count == 0 ? nil : Double(row[accumulator: part, layout]) / count
        case .contrast(let one, let other):
            let first = Double(row[accumulator: one, layout])
            let total = first + Double(row[accumulator: other, layout])
            return total == 0 ? nil : first / total
        case .last(let slot, let time):
            return row[time: time, layout] == .min ? nil : Double(row[accumulator: slot, layout])
        }
    }

    /// Hands the values out into an empty summary and starts the next batch.
    mutating func summarise(into summary: inout BatchSummary) {
        summary.inflowCounts = counts
        summary.inflowMeans = means
        summary.inflowSquaredDeviations = squaredDeviations
        summary.inflowSample = sample
        events = 0
        for feature in counts.indices {
            counts[feature] = 0
            means[feature] = 0
            squaredDeviations[feature] = 0
        }
        sample.removeAll(keepingCapacity: true)
    }
}
