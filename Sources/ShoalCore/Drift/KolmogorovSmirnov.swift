/// The two-sample Kolmogorov–Smirnov test for samples of one size.
package enum KolmogorovSmirnov {
    /// The largest difference of the two empirical distributions, in steps of 1/n; ties count as one point.
    ///
    /// - Precondition: Both are sorted, have the same count and hold no NaN.
    package static func steps(_ first: [Double], _ second: [Double]) -> Int {
        precondition(first.count == second.count, "The samples are of one size.")
        var largest = 0
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            let value = min(first[i], second[j])
            while i < first.count, first[i] == value { i += 1 }
            while j < second.count, second[j] == value { j += 1 }
            largest = max(largest, abs(i - j))
        }
        return largest
    }

    /// The exact chance that two samples of `count` values of one distribution differ by `steps` or more.
    ///
    /// Gnedenko & Korolyuk 1951, as in Hodges, "The significance probability of the Smirnov two-sample test",
    /// Arkiv för Matematik 3, 1958, equation 2.3: 2 Σᵢ (−1)^(i+1) C(2n, n + i·h) / C(2n, n).
    package static func significance(steps: Int, count: Int) -> Double {
        guard steps > 0 else { return 1 }
        var chance = 0.0
        var sign = 2.0
        var reach = steps
        while reach <= count {
            var term = 1.0
            for index in 1...reach { term *= Double(count - reach + index) / Double(count + index) }
            chance += sign * term
            sign = -sign
            reach += steps
        }
        return min(max(chance, 0), 1)
    }
}
