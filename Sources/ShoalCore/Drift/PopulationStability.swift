internal import Glibc

/// The population stability index: how far a mix has moved from a reference mix.
///
/// Siddiqi, "Credit Risk Scorecards", 2006, chapter 8: Σ (p − q)·ln(p / q) over categories, which is the
/// symmetric Kullback–Leibler divergence in nats. By custom below 0.1 nothing has happened and above 0.25
/// something has.
///
/// Deviation: counts are raised by ½ (Krichevsky & Trofimov 1981), so that a category that is empty on one
/// side adds a finite amount; one that is empty on both sides adds nothing.
package enum PopulationStability {
    /// What is added to each count.
    static let smoothing = 0.5

    /// The index of two mixes of counts: 0 for equal ones, and up.
    ///
    /// - Precondition: Both have the same number of categories; counts are finite and not negative.
    /// - Complexity: O(categories). Does not allocate.
    package static func index(reference: [Double], current: [Double]) -> Double {
        var sum = 0.0
        forEachShare(reference, current) { _, p, q in sum += (q - p) * log(q / p) }
        return sum
    }

    /// The category that adds most to the index, with its shares; `nil` if there is none.
    package static func largestMove(
        reference: [Double], current: [Double]
    ) -> (category: Int, reference: Double, current: Double)? {
        var largest: (category: Int, reference: Double, current: Double)?
        var contribution = 0.0
        forEachShare(reference, current) { category, p, q in
            let added = (q - p) * log(q / p)
            if added > contribution {
                contribution = added
                largest = (category, p, q)
            }
        }
        return largest
    }

    /// What the index exceeds by chance alone with a probability below about 10⁻⁹.
    ///
    /// For two samples of n and m of one mix, PSI·nm/(n + m) is about χ² distributed with one degree of
    /// freedom less than there are categories; its quantile is Wilson & Hilferty's (1931).
    package static func chanceMax(reference: [Double], current: [Double]) -> Double {
        var (n, m, active) = (0.0, 0.0, 0)
        for (one, other) in zip(reference, current) where one > 0 || other > 0 {
            n += one
            m += other
            active += 1
        }
        guard active > 1, n > 0, m > 0 else { return .infinity }
        let freedom = Double(active - 1)
        let spread = 2 / (9 * freedom)
        let root = 1 - spread + quantile * spread.squareRoot()
        return freedom * root * root * root * (n + m) / (n * m)
    }

    /// The normal quantile of 1 − 10⁻⁹.
    private static let quantile = 6.0

    /// Hands out the smoothed shares of every category that is not empty on both sides.
    @inline(__always)
    static func forEachShare(
        _ reference: [Double], _ current: [Double], _ body: (_ category: Int, Double, Double) -> Void
    ) {
        precondition(reference.count == current.count, "Both mixes have the same categories.")
        var (n, m) = (0.0, 0.0)
        for index in reference.indices where reference[index] > 0 || current[index] > 0 {
            n += reference[index] + smoothing
            m += current[index] + smoothing
        }
        for index in reference.indices where reference[index] > 0 || current[index] > 0 {
            body(index, (reference[index] + smoothing) / n, (current[index] + smoothing) / m)
        }
    }
}
