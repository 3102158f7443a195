internal import Glibc

/// The Jensen–Shannon divergence of two mixes, in bits: 0 for equal ones, 1 for mixes with nothing in common.
///
/// Lin, "Divergence measures based on the Shannon entropy", IEEE Transactions on Information Theory 37, 1991,
/// equation 3.4 with equal weights. Unlike the population stability index it needs no smoothing and is
/// bounded, so that one almost empty category cannot dominate it.
package enum JensenShannon {
    /// The divergence of two mixes of counts; 0 if either is empty.
    ///
    /// - Precondition: Both have the same number of categories; counts are finite and not negative.
    /// - Complexity: O(categories). Does not allocate.
    package static func divergence(reference: [Double], current: [Double]) -> Double {
        precondition(reference.count == current.count, "Both mixes have the same categories.")
        var (n, m) = (0.0, 0.0)
        for index in reference.indices {
            n += reference[index]
            m += current[index]
        }
        guard n > 0, m > 0 else { return 0 }
        var sum = 0.0
        for index in reference.indices {
            let (p, q) = (reference[index] / n, current[index] / m)
            let middle = (p + q) / 2
            if p > 0 { sum += p / 2 * log2(p / middle) }
            if q > 0 { sum += q / 2 * log2(q / middle) }
        }
        return min(max(sum, 0), 1)
    }
}
