internal import Testing

@testable internal import ShoalSimulator

@Suite struct AdjustedRandIndexTests {
    @Test func `small tables give the values worked out by hand`() {
        // Pairs: together 1, in rows 2, in columns 1 of 6; (1 − 1/3) / (3/2 − 1/3).
        #expect(abs(AdjustedRandIndex.between([0, 0, 1, 1], [0, 0, 1, 2]) - 4.0 / 7) < 1e-12)
        // Pairs: together 0, in rows and columns 2 of 6; (0 − 2/3) / (2 − 2/3).
        #expect(abs(AdjustedRandIndex.between([0, 0, 1, 1], [0, 1, 0, 1]) + 0.5) < 1e-12)
        // Table [[2, 1], [0, 3]]: together 4, rows 6, columns 1 + 6 of 15; (4 − 42/15) / (13/2 − 42/15).
        let value = AdjustedRandIndex.between(["a", "a", "a", "b", "b", "b"], [1, 1, 2, 2, 2, 2])
        #expect(abs(value - 1.2 / 3.7) < 1e-12)
    }

    @Test func `names do not matter, and the index is symmetric`() {
        let first = (0..<200).map { $0 * $0 % 7 }
        let second = (0..<200).map { $0 % 5 }
        #expect(AdjustedRandIndex.between(first, first.map { "group \($0 * 3)" }) == 1)
        #expect(AdjustedRandIndex.between(first, second) == AdjustedRandIndex.between(second, first))
    }

    @Test func `degenerate groupings agree`() {
        #expect(AdjustedRandIndex.between([Int](), [Int]()) == 1)
        #expect(AdjustedRandIndex.between([1], [2]) == 1)
        #expect(AdjustedRandIndex.between([1, 1, 1], [5, 5, 5]) == 1)
        #expect(AdjustedRandIndex.between([1, 2, 3], [4, 5, 6]) == 1)
        #expect(AdjustedRandIndex.between([1, 1, 1], [4, 5, 6]) == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `unrelated groupings agree as much as by chance`(seed: UInt64) {
        var generator = Xoshiro256(seed: seed)
        let first = (0..<20_000).map { _ in generator.below(6) }
        let second = (0..<20_000).map { _ in generator.below(4) }
        #expect(abs(AdjustedRandIndex.between(first, second)) < 0.002, "seed \(seed)")
    }
}
