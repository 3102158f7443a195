/// How many values fell into each of fixed bins; histograms over the same bins add up in any order.
package struct Histogram: Equatable, Sendable, Codable {
    package let bins: EqualFrequencyBins
    /// `[bins.count]`.
    package private(set) var counts: [Double]

    package init(bins: EqualFrequencyBins) {
        self.bins = bins
        counts = Array(repeating: 0, count: bins.count)
    }

    /// Values that were counted.
    package var total: Double { counts.reduce(0, +) }

    /// Counts a value; one that is not finite is passed over.
    ///
    /// - Complexity: O(log bins). Does not allocate.
    @inline(__always)
    package mutating func absorb(_ value: Double) {
        guard value.isFinite else { return }
        counts[bins.index(of: value)] += 1
    }

    /// Adds what another counted.
    ///
    /// - Precondition: The bins are the same.
    package mutating func merge(_ other: Histogram) {
        precondition(bins == other.bins, "Counts of different bins do not add up.")
        for index in counts.indices { counts[index] += other.counts[index] }
    }

    package mutating func removeAll() {
        for index in counts.indices { counts[index] = 0 }
    }
}
