import ShoalCore
import Testing

@Suite struct KolmogorovSmirnovTests {
    @Test func `the significance is that of counting all arrangements`() {
        // Every way to interleave 5 and 5 values is equally likely: count those that reach each distance.
        let count = 5
        var reached = Array(repeating: 0.0, count: count + 1)
        var total = 0.0
        for mask in 0..<(1 << (2 * count)) where mask.nonzeroBitCount == count {
            var (balance, largest) = (0, 0)
            for bit in 0..<2 * count {
                balance += mask >> bit & 1 == 1 ? 1 : -1
                largest = max(largest, abs(balance))
            }
            total += 1
            for steps in 0...largest { reached[steps] += 1 }
        }
        for steps in 0...count {
            let exact = reached[steps] / total
            #expect(abs(KolmogorovSmirnov.significance(steps: steps, count: count) - exact) < 1e-12)
        }
    }

    @Test func `the significance is SciPy's`() {
        // scipy.stats.ks_2samp(method="exact") of 30 and 30 values that differ by 10 … 13 steps.
        let expected = [
            0.07088798787114439, 0.034580084963334506, 0.015643390496754332, 0.006548396368058784,
        ]
        for (index, value) in expected.enumerated() {
            #expect(abs(KolmogorovSmirnov.significance(steps: 10 + index, count: 30) - value) < 1e-12)
        }
    }

    @Test func `ties count as one point`() {
        #expect(KolmogorovSmirnov.steps([1, 1, 2, 2], [1, 1, 2, 2]) == 0)
        #expect(KolmogorovSmirnov.steps([1, 1, 1, 2], [1, 2, 2, 2]) == 2)
        #expect(KolmogorovSmirnov.steps([1, 2, 3], [4, 5, 6]) == 3)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `it fires on plain noise about as often as its significance allows`(seed: UInt64) {
        var parameters = KolmogorovSmirnovWindow.Parameters()
        parameters.alpha = 0.001
        parameters.seed = seed
        var window = KolmogorovSmirnovWindow(parameters)
        var streams = DriftStreams(seed: seed)
        var found = 0
        for _ in 0..<20_000 where window.absorb(streams.bell()) { found += 1 }
        // Neighbouring comparisons share nearly all their values, so there are far fewer than 20.
        #expect(found <= 20, "seed \(seed)")
    }
}
