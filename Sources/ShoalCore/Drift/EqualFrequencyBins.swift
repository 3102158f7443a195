/// Bins that hold equally many values of a reference, fixed from then on so that counts can be added.
package struct EqualFrequencyBins: Equatable, Sendable, Codable {
    /// Upper edges, ascending and distinct.
    ///
    /// The last bin has none. A value on an edge is in the bin below it.
    package let edges: [Double]

    /// More bins tell little more and need more values.
    package static let countMax = 20
    /// Customary for population stability (Siddiqi 2006).
    package static let countDefault = 10

    package var count: Int { edges.count + 1 }

    /// Fixes the bins from reference values; those that are not finite are passed over.
    ///
    /// Where many values are equal, bins that would coincide become one, and such a value has a bin to itself
    /// as far as its frequency asks for it.
    ///
    /// - Complexity: O(n log n).
    package init(reference: [Double], count: Int = countDefault) {
        precondition((1...Self.countMax).contains(count), "There are 1 to \(Self.countMax) bins.")
        let sorted = reference.filter(\.isFinite).sorted()
        var edges: [Double] = []
        if let largest = sorted.last, let smallest = sorted.first {
            for bin in 1..<max(count, 1) {
                let edge = sorted[(bin * sorted.count - 1) / count]
                if edge < largest, edge > edges.last ?? -.infinity { edges.append(edge) }
            }
            // A constant reference still tells what is below it and what above.
            if edges.isEmpty, smallest == largest, count >= 3 {
                edges = [smallest.nextDown, smallest].filter(\.isFinite)
            }
        }
        self.edges = edges
    }

    /// The bin of a value: `0 ..< count`; NaN is in the last.
    ///
    /// - Complexity: O(log `count`).
    @inline(__always)
    package func index(of value: Double) -> Int {
        var (low, high) = (0, edges.count)
        while low < high {
            let middle = (low + high) / 2
            if value <= edges[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
