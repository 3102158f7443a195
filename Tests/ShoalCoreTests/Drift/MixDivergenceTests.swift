import Foundation
import ShoalCore
import Testing

/// Histograms and what compares them.
@Suite struct MixDivergenceTests {
    @Test func `bins of equal frequency hold equally many of distinct values`() {
        let bins = EqualFrequencyBins(reference: (1...1_000).reversed().map(Double.init))
        var histogram = Histogram(bins: bins)
        for value in 1...1_000 { histogram.absorb(Double(value)) }
        #expect(histogram.counts == Array(repeating: 100, count: 10))
        #expect(bins.index(of: -5) == 0)
        #expect(bins.index(of: 5_000) == 9)
        #expect(bins.index(of: .infinity) == 9)
        #expect(bins.index(of: .nan) == 9)
    }

    @Test func `a frequent value has a bin to itself, a constant has what is below and above`() {
        let mostlyZero = Array(repeating: 0.0, count: 900) + (1...100).map(Double.init)
        let bins = EqualFrequencyBins(reference: mostlyZero)
        #expect(bins.edges.first == 0)
        #expect(bins.index(of: 0) != bins.index(of: 0.5))
        let constant = EqualFrequencyBins(reference: [7, 7, 7])
        #expect(Set([6, 7, 8].map { constant.index(of: $0) }).count == 3)
        #expect(EqualFrequencyBins(reference: []).count == 1)
        #expect(EqualFrequencyBins(reference: [.nan, .infinity]).count == 1)
    }

    @Test(arguments: [1, 42] as [UInt64])
    func `histograms add up in any order`(seed: UInt64) {
        var streams = DriftStreams(seed: seed)
        let bins = EqualFrequencyBins(
            reference: streams.values(500) { streams, _ in streams.bell() }, count: 20)
        #expect(bins.count <= EqualFrequencyBins.countMax)
        let values = streams.values(900) { streams, _ in streams.bell() }
        var whole = Histogram(bins: bins)
        for value in values { whole.absorb(value) }
        var parts = (0..<3).map { _ in Histogram(bins: bins) }
        for (index, value) in values.enumerated() { parts[index % 3].absorb(value) }
        var sum = parts[2]
        sum.merge(parts[0])
        sum.merge(parts[1])
        #expect(sum == whole, "seed \(seed)")
        #expect(whole.total == 900)
    }

    @Test func `the index and the divergence are what their formulas give`() {
        let (reference, current) = ([50.0, 30, 20], [20.0, 30, 50])
        let (p, q) = ([50.5, 30.5, 20.5].map { $0 / 101.5 }, [20.5, 30.5, 50.5].map { $0 / 101.5 })
        let index = zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * log($1.0 / $1.1) }
        #expect(
            abs(PopulationStability.index(reference: reference, current: current) - index) < 1e-12)
        func entropy(_ shares: [Double]) -> Double { -shares.reduce(0) { $0 + $1 * log2($1) } }
        let middle = entropy([0.35, 0.3, 0.35])
        let divergence = middle - (entropy([0.5, 0.3, 0.2]) + entropy([0.2, 0.3, 0.5])) / 2
        #expect(abs(JensenShannon.divergence(reference: reference, current: current) - divergence) < 1e-12)
    }

    @Test func `equal mixes do not differ, whatever their sizes, and foreign ones differ by one bit`() {
        #expect(JensenShannon.divergence(reference: [10, 20, 0], current: [100, 200, 0]) < 1e-12)
        #expect(PopulationStability.index(reference: [1_000, 2_000, 0], current: [2_000, 4_000, 0]) < 1e-5)
        #expect(JensenShannon.divergence(reference: [5, 0], current: [0, 5]) == 1)
        #expect(JensenShannon.divergence(reference: [5, 0], current: [0, 0]) == 0)
        #expect(PopulationStability.index(reference: [500, 0], current: [0, 500]).isFinite)
        #expect(PopulationStability.index(reference: [], current: []) == 0)
    }

    @Test(arguments: [1, 42, 20_260_401] as [UInt64])
    func `both are symmetric and never negative, and the index is above chance for one mix in no case`(
        seed: UInt64
    ) {
        var streams = DriftStreams(seed: seed)
        for size in [50, 400, 3_000] {
            var (one, other) = (Array(repeating: 0.0, count: 10), Array(repeating: 0.0, count: 10))
            for _ in 0..<size { one[min(Int(abs(streams.bell()) * 4), 9)] += 1 }
            for _ in 0..<2 * size { other[min(Int(abs(streams.bell()) * 4), 9)] += 1 }
            let index = PopulationStability.index(reference: one, current: other)
            #expect(index >= 0, "seed \(seed)")
            #expect(abs(index - PopulationStability.index(reference: other, current: one)) < 1e-9)
            #expect(index < PopulationStability.chanceMax(reference: one, current: other), "seed \(seed)")
            let divergence = JensenShannon.divergence(reference: one, current: other)
            #expect((0...1).contains(divergence), "seed \(seed)")
            #expect(abs(divergence - JensenShannon.divergence(reference: other, current: one)) < 1e-12)
        }
    }

    @Test func `the category that moved most is named with its shares`() throws {
        let move = try #require(
            PopulationStability.largestMove(reference: [400, 300, 300], current: [390, 10, 600]))
        #expect(move.category == 1)
        #expect(abs(move.reference - 0.3) < 0.01 && abs(move.current - 0.01) < 0.01)
        #expect(PopulationStability.largestMove(reference: [1, 1], current: [1, 1]) == nil)
    }
}
