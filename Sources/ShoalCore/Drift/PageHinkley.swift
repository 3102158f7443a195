/// The Page–Hinkley test: tells when the mean has left what it was so far.
///
/// Page, "Continuous inspection schemes", Biometrika 41, 1954, in the form with forgetting that River has
/// (`river.drift.PageHinkley`), whose parameters, defaults and order of arithmetic are kept, so that it fires
/// at the same indices: deviations from the running mean, less a tolerance, are summed with forgetting, and a
/// sum that has come more than `threshold` away from its extreme is a change. The two sums start at 0, the
/// largest falling sum at −1, as River's do. After a change everything starts afresh.
package struct PageHinkley: DriftDetector {
    /// Which way the mean must go to be reported.
    package enum Mode: String, CaseIterable, Sendable, Codable { case up, down, both }

    /// Settings, named as River's arguments.
    package struct Parameters: Equatable, Sendable, Codable {
        /// Values before the first change can be told.
        package var minInstances = 30
        /// Tolerance: deviations up to this do not add up.
        package var delta = 0.005
        /// λ: how far a sum must have come; the larger, the fewer false alarms and the later true ones.
        package var threshold = 50.0
        /// How much of a sum is kept from one value to the next; 1 forgets nothing.
        package var alpha = 1 - 0.0001
        package var mode = Mode.both

        package init() {}

        /// Whether every setting is in its range.
        package var isValid: Bool {
            minInstances >= 0 && DriftValue.isUsable(delta) && DriftValue.isUsable(threshold)
                && (0...1).contains(alpha)
        }
    }

    /// The mean before and after the latest change, told apart at the extreme of the sum.
    ///
    /// On noise the sum strays from its extreme, so the newer part begins somewhat before the change.
    package struct Change: Equatable, Sendable, Codable {
        package var olderMean: Double
        package var newerMean: Double
        package var newerCount: Double
        /// How far the sum had come.
        package var distance: Double
    }

    package let parameters: Parameters
    package private(set) var skippedValues = 0
    /// The latest change; `nil` before the first.
    package private(set) var latestChange: Change?
    private var count = 0.0
    private var mean = 0.0
    private var total = 0.0
    private var rising = Sum(extreme: .greatestFiniteMagnitude)
    private var falling = Sum(extreme: -1)

    /// One side of the test.
    private struct Sum: Equatable, Sendable, Codable {
        var value = 0.0
        /// The smallest value of the rising sum, the largest of the falling one.
        var extreme: Double
        /// Values that were seen, and their total, when the extreme was reached.
        var countAtExtreme = 0.0
        var totalAtExtreme = 0.0

        init(extreme: Double) { self.extreme = extreme }

        mutating func mark(count: Double, total: Double) {
            extreme = value
            countAtExtreme = count
            totalAtExtreme = total
        }
    }

    /// - Precondition: The parameters are valid.
    package init(_ parameters: Parameters = Parameters()) {
        precondition(parameters.isValid, "The parameters of the Page–Hinkley test are in their ranges.")
        self.parameters = parameters
    }

    /// Takes the next value and tells whether the mean has changed.
    ///
    /// - Complexity: O(1). Does not allocate.
    package mutating func absorb(_ value: Double) -> Bool {
        guard DriftValue.isUsable(value) else {
            skippedValues += 1
            return false
        }
        count += 1
        mean += (1 / count) * (value - mean)
        total += value
        let deviation = value - mean
        rising.value = parameters.alpha * rising.value + deviation - parameters.delta
        falling.value = parameters.alpha * falling.value + deviation + parameters.delta
        if rising.value < rising.extreme { rising.mark(count: count, total: total) }
        if falling.value > falling.extreme { falling.mark(count: count, total: total) }
        guard count >= Double(parameters.minInstances) else { return false }
        let rise = rising.value - rising.extreme
        let fall = falling.extreme - falling.value
        if parameters.mode != .down, rise > parameters.threshold {
            finish(at: rising, distance: rise)
            return true
        }
        if parameters.mode != .up, fall > parameters.threshold {
            finish(at: falling, distance: fall)
            return true
        }
        return false
    }

    /// Forgets everything but `latestChange` and `skippedValues`.
    package mutating func restart() {
        count = 0
        mean = 0
        total = 0
        rising = Sum(extreme: .greatestFiniteMagnitude)
        falling = Sum(extreme: -1)
    }

    private mutating func finish(at sum: Sum, distance: Double) {
        let newerCount = count - sum.countAtExtreme
        latestChange = Change(
            olderMean: sum.countAtExtreme > 0 ? sum.totalAtExtreme / sum.countAtExtreme : mean,
            newerMean: newerCount > 0 ? (total - sum.totalAtExtreme) / newerCount : mean,
            newerCount: newerCount,
            distance: distance)
        restart()
    }
}

extension PageHinkley {
    private enum CodingKeys: String, CodingKey {
        case parameters, skippedValues, latestChange, count, mean, total, rising, falling
    }

    /// Goes on from a snapshot.
    ///
    /// - Throws: `DecodingError` if the snapshot is none that a test could have written.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        parameters = try container.decode(Parameters.self, forKey: .parameters)
        skippedValues = try container.decode(Int.self, forKey: .skippedValues)
        latestChange = try container.decodeIfPresent(Change.self, forKey: .latestChange)
        count = try container.decode(Double.self, forKey: .count)
        mean = try container.decode(Double.self, forKey: .mean)
        total = try container.decode(Double.self, forKey: .total)
        rising = try container.decode(Sum.self, forKey: .rising)
        falling = try container.decode(Sum.self, forKey: .falling)
        guard parameters.isValid, skippedValues >= 0, skippedValues < .max, count >= 0,
            [count, mean, total, rising.value, falling.value].allSatisfy(\.isFinite)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .count, in: container, debugDescription: "This is no snapshot of a Page–Hinkley test."
            )
        }
    }
}
