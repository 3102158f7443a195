package import ShoalCore

/// Seeded customers of a shop whose groups overlap: each has drawn a few dozen events from the mix of its
/// group, and is known by shares that are shrunk towards the population.
package struct StreamOfMixes {
    /// Shares of four types, three channels and four categories in each of six groups: like W1's behaviours.
    private static let mixes: [[[Double]]] = [
        [[0.40, 0.30, 0.18, 0.12], [0.55, 0.43, 0.02], [0.30, 0.20, 0.30, 0.20]],
        [[0.40, 0.08, 0.24, 0.28], [0.30, 0.55, 0.15], [0.45, 0.05, 0.20, 0.30]],
        [[0.78, 0.18, 0.03, 0.01], [0.60, 0.40, 0.00], [0.40, 0.30, 0.05, 0.25]],
        [[0.15, 0.03, 0.12, 0.70], [0.02, 0.03, 0.95], [0.05, 0.05, 0.75, 0.15]],
        [[0.45, 0.20, 0.20, 0.15], [0.60, 0.35, 0.05], [0.10, 0.70, 0.10, 0.10]],
        [[0.60, 0.15, 0.17, 0.08], [0.70, 0.25, 0.05], [0.25, 0.25, 0.25, 0.25]],
    ]
    /// Events of evidence that the population's shares weigh.
    private static let priorWeight = 2.0
    private static let eventCounts = 15...60

    package static let features = StreamOfShoppers.features(11)

    private var generator: SeededGenerator

    package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// One customer's vector, with the group.
    package mutating func vector() -> (group: Int, values: [Float]) {
        let group = generator.nextIndex(below: Self.mixes.count)
        let events = Self.eventCounts.lowerBound + generator.nextIndex(below: Self.eventCounts.count)
        var values: [Float] = []
        for choice in Self.mixes[group].indices {
            let shares = Self.mixes[group][choice]
            var counts = [Double](repeating: 0, count: shares.count)
            for _ in 0..<events {
                var draw = generator.nextUnit()
                let drawn = shares.firstIndex { share in
                    draw -= share
                    return draw < 0
                }
                counts[drawn ?? shares.count - 1] += 1
            }
            for option in shares.indices {
                let population = Self.mixes.reduce(0) { $0 + $1[choice][option] } / Double(Self.mixes.count)
                let shrunk = counts[option] + Self.priorWeight * population
                values.append(Float(shrunk / (Double(events) + Self.priorWeight)))
            }
        }
        return (group, values)
    }
}
