/// KSWIN: tells when the newest values no longer have the distribution of those before.
///
/// Raab, Heusinger & Schleif, "Reactive soft prototype computing for concept drift streams", Neurocomputing
/// 416, 2020, algorithm 1: of the last `windowSize` values the newest `statSize` are compared with as many
/// drawn from the rest by the two-sample Kolmogorov–Smirnov test. Parameters and defaults are River's
/// (`river.drift.KSWIN`), and so is the demand that the distributions differ by more than 0.1.
///
/// The draw comes from this project's own generator, so the indices need not equal River's. The generator
/// goes on after a change, where River's starts over from its seed. After a change the window starts empty,
/// as River's does.
package struct KolmogorovSmirnovWindow: DriftDetector {
    /// Settings, named as River's arguments.
    package struct Parameters: Equatable, Sendable, Codable {
        /// Significance of one comparison; one is made with every value, so it should be well below 0.01.
        package var alpha = 0.005
        /// Values that are kept.
        package var windowSize = 100
        /// The newest values, which are compared with as many of the others.
        package var statSize = 30
        package var seed: UInt64 = 42

        package init() {}

        /// Whether every setting is in its range; the older values must be enough to draw from.
        package var isValid: Bool {
            (0...1).contains(alpha) && (1...Self.sizeMax).contains(windowSize)
                && (1...Self.sizeMax).contains(statSize) && statSize <= windowSize - statSize
        }

        /// Each value costs a sort of `statSize` values.
        private static let sizeMax = 100_000
    }

    /// Smaller differences are never a change.
    private static let differenceMin = 0.1

    package let parameters: Parameters
    package private(set) var skippedValues = 0
    private var generator: SeededGenerator
    /// The newest values in a ring; `next` is where the oldest is once it is full.
    private var window: [Double] = []
    private var next = 0

    /// - Precondition: The parameters are valid.
    package init(_ parameters: Parameters = Parameters()) {
        precondition(parameters.isValid, "KSWIN's parameters are in their ranges.")
        self.parameters = parameters
        generator = SeededGenerator(seed: parameters.seed)
    }

    /// Takes the next value and tells whether the newest differ from those before.
    ///
    /// - Complexity: O(`windowSize` + `statSize` · log `statSize`) once the window is full.
    package mutating func absorb(_ value: Double) -> Bool {
        guard DriftValue.isUsable(value) else {
            skippedValues += 1
            return false
        }
        if window.count < parameters.windowSize {
            window.append(value)
            guard window.count == parameters.windowSize else { return false }
        } else {
            window[next] = value
            next = next + 1 == parameters.windowSize ? 0 : next + 1
        }
        let size = parameters.statSize
        let steps = KolmogorovSmirnov.steps(drawOlder().sorted(), newest().sorted())
        guard Double(steps) / Double(size) > Self.differenceMin,
            KolmogorovSmirnov.significance(steps: steps, count: size) <= parameters.alpha
        else { return false }
        window.removeAll(keepingCapacity: true)
        next = 0
        return true
    }

    private func newest() -> [Double] {
        let older = parameters.windowSize - parameters.statSize
        return (older..<parameters.windowSize).map { value(ofAge: $0) }
    }

    /// Draws `statSize` of the older values without putting any back.
    private mutating func drawOlder() -> [Double] {
        let older = parameters.windowSize - parameters.statSize
        var pool = (0..<older).map { value(ofAge: $0) }
        for index in 0..<parameters.statSize {
            pool.swapAt(index, index + generator.nextIndex(below: older - index))
        }
        return Array(pool.prefix(parameters.statSize))
    }

    /// The value that came as the `index`-th of those in the window.
    private func value(ofAge index: Int) -> Double {
        window[(next + index) % parameters.windowSize]
    }
}

extension KolmogorovSmirnovWindow {
    private enum CodingKeys: String, CodingKey { case parameters, skippedValues, generator, window, next }

    /// Goes on from a snapshot.
    ///
    /// - Throws: `DecodingError` if the snapshot is none that a window could have written.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        parameters = try container.decode(Parameters.self, forKey: .parameters)
        skippedValues = try container.decode(Int.self, forKey: .skippedValues)
        generator = SeededGenerator(seed: try container.decode(UInt64.self, forKey: .generator))
        window = try container.decode([Double].self, forKey: .window)
        next = try container.decode(Int.self, forKey: .next)
        guard parameters.isValid, skippedValues >= 0, skippedValues < .max,
            window.count <= parameters.windowSize, window.allSatisfy(DriftValue.isUsable),
            window.count == parameters.windowSize ? window.indices.contains(next) : next == 0
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .window, in: container, debugDescription: "This is no snapshot of a KSWIN window.")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(parameters, forKey: .parameters)
        try container.encode(skippedValues, forKey: .skippedValues)
        try container.encode(generator.state, forKey: .generator)
        try container.encode(window, forKey: .window)
        try container.encode(next, forKey: .next)
    }
}
