internal import ShoalCore

/// Noise without a change, and the window that the drift monitors watch it with.
struct SteadyStream {
    private var generator = SeededGenerator(seed: 42)
    private var values: [Double] = []
    private var window = AdaptiveWindow(DriftSettings().adaptiveWindow)

    /// Draws the next values: sums of twelve even ones, nearly normal.
    mutating func refill() {
        values.removeAll(keepingCapacity: true)
        for _ in 0..<Workload.eventCount {
            var sum = -6.0
            for _ in 0..<12 { sum += generator.nextUnit() }
            values.append(sum)
        }
    }

    /// Takes the values in.
    ///
    /// - Returns: changes seen.
    mutating func absorb() -> Int {
        var changes = 0
        for value in values where window.absorb(value) { changes += 1 }
        return changes
    }
}
