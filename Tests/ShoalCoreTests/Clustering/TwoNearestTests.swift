import Testing

@testable import ShoalCore

@Suite struct TwoNearestTests {
    /// One after the other, the first of equals.
    private func reference(_ distances: [Float]) -> (index: Int, first: Float, second: Float) {
        let order = distances.indices.sorted {
            distances[$0] != distances[$1] ? distances[$0] < distances[$1] : $0 < $1
        }
        return (
            order[0], distances[order[0]], order.count > 1 ? distances[order[1]] : .infinity
        )
    }

    @Test func `the nearest two of any number of centroids are found, also among equals`() {
        var generator = SeededGenerator(seed: 1)
        for count in 1...40 {
            for values in [2, 5, 1_000] {
                let distances = (0..<count).map { _ in Float(generator.nextIndex(below: values)) }
                var nearest = TwoNearest()
                for start in stride(from: 0, to: count, by: 8) {
                    var eight = SIMD8<Float>(repeating: .infinity)
                    for lane in 0..<min(8, count - start) { eight[lane] = distances[start + lane] }
                    nearest.take(eight, from: start)
                }
                let (found, expected) = (nearest.result, reference(distances))
                #expect(found.index == expected.index, "\(distances)")
                #expect(found.first == expected.first && found.second == expected.second, "\(distances)")
            }
        }
    }

    @Test func `without a centroid both are infinitely far`() {
        let result = TwoNearest().result
        #expect(result.index == 0 && result.first == .infinity && result.second == .infinity)
    }
}
