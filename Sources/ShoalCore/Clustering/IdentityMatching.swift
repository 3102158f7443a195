/// Finds out which segment of a candidate is which of the model in force, so that identities outlive it.
///
/// Pairs are those of least total cost, by the Hungarian method (Kuhn, "The Hungarian method for the
/// assignment problem", Naval Research Logistics Quarterly 2, 1955, in the O(n³) form with potentials of
/// Jonker & Volgenant, Computing 38, 1987). The cost of a pair is what it lacks of common members
/// (1 − Jaccard index) plus how far the centroids lie apart, d²/(d² + 1) per feature: members say who it is,
/// distance decides where members do not.
package struct IdentityMatching: Equatable, Sendable {
    /// Where a candidate's segment comes from.
    package enum Origin: Equatable, Sendable {
        /// The old segment at this index, under its old identity.
        case kept(Int)
        /// Apart now, but most members were in the old segment at this index.
        case splitFrom(Int)
        /// Its members were nowhere before, or here and there.
        case born
    }

    /// What becomes of an old segment.
    package enum Fate: Equatable, Sendable {
        case kept
        /// Most members are now in the candidate's segment at this index.
        case mergedInto(Int)
        case retired
    }

    /// Less in common than this and it is not the same segment, as in the MONIC framework's survival of
    /// clusters (Spiliopoulou et al., KDD 2006), whose τ is one half of the old cluster's members.
    private static let commonShareMin = 0.5

    /// `[k]` of the candidate.
    package let origins: [Origin]
    /// `[k]` of the old model.
    package let fates: [Fate]

    /// Matches clusters over the same vectors.
    ///
    /// - Parameters:
    ///   - oldMembers: Old segment of each vector: `[n]`.
    ///   - oldCount: Old segments.
    ///   - newMembers: Candidate's segment of each vector: `[n]`.
    ///   - newCount: The candidate's segments.
    ///   - isNew: Whether a candidate's segment has members that were not there before, though the nearest
    ///     of the old segments held them: `[newCount]`.
    ///   - isDwindled: Whether an old segment has next to no members left, wherever they went:
    ///     `[oldCount]`.
    ///   - squaredDistance: d² per unit of weight between an old centroid and a new one.
    package init(
        oldMembers: [Int], oldCount: Int, newMembers: [Int], newCount: Int, isNew: [Bool]? = nil,
        isDwindled: [Bool]? = nil, squaredDistance: (_ old: Int, _ new: Int) -> Double
    ) {
        var common = [Double](repeating: 0, count: oldCount * newCount)
        var oldSizes = [Double](repeating: 0, count: oldCount)
        var newSizes = [Double](repeating: 0, count: newCount)
        for (old, new) in zip(oldMembers, newMembers) {
            common[old * newCount + new] += 1
            oldSizes[old] += 1
            newSizes[new] += 1
        }
        let size = max(oldCount, newCount)
        // What is left over pairs with nobody, at the cost of the worst pair.
        var costs = [Double](repeating: 2, count: size * size)
        for old in 0..<oldCount {
            for new in 0..<newCount {
                let both = common[old * newCount + new]
                let either = oldSizes[old] + newSizes[new] - both
                let distance = squaredDistance(old, new)
                costs[old * size + new] = (either > 0 ? 1 - both / either : 1) + distance / (distance + 1)
            }
        }
        let pairs = Self.leastCostPairs(costs, size: size)
        var origins = [Origin](repeating: .born, count: newCount)
        var fates = [Fate](repeating: .retired, count: oldCount)
        for old in 0..<oldCount where pairs[old] < newCount {
            let new = pairs[old]
            let both = common[old * newCount + new]
            let smaller = min(oldSizes[old], newSizes[new])
            guard both >= Self.commonShareMin * smaller, both > 0 || squaredDistance(old, new) < 1 else {
                continue
            }
            origins[new] = .kept(old)
            fates[old] = .kept
        }
        for old in 0..<oldCount
        where fates[old] == .retired && oldSizes[old] > 0 && isDwindled?[old] != true {
            let row = common[old * newCount..<(old + 1) * newCount]
            guard let most = row.max(), most >= Self.commonShareMin * oldSizes[old],
                let new = row.firstIndex(of: most)
            else { continue }
            fates[old] = .mergedInto(new - old * newCount)
        }
        for new in 0..<newCount where origins[new] == .born && newSizes[new] > 0 && isNew?[new] != true {
            for old in 0..<oldCount
            where common[old * newCount + new] >= Self.commonShareMin * newSizes[new] {
                origins[new] = .splitFrom(old)
            }
        }
        self.origins = origins
        self.fates = fates
    }

    /// The column of each row in the assignment of least total cost.
    ///
    /// - Parameters:
    ///   - costs: `[size × size]`, row-major, finite.
    ///   - size: Rows and columns.
    /// - Returns: `[size]`.
    /// - Complexity: O(size³).
    static func leastCostPairs(_ costs: [Double], size: Int) -> [Int] {
        // Rows and columns count from 1; column 0 stands for "none yet".
        var rowPotentials = [Double](repeating: 0, count: size + 1)
        var columnPotentials = [Double](repeating: 0, count: size + 1)
        var rowOfColumn = [Int](repeating: 0, count: size + 1)
        var way = [Int](repeating: 0, count: size + 1)
        for row in 0..<size {
            rowOfColumn[0] = row + 1
            var column = 0
            var slacks = [Double](repeating: .infinity, count: size + 1)
            var isUsed = [Bool](repeating: false, count: size + 1)
            repeat {
                isUsed[column] = true
                let current = rowOfColumn[column]
                var least = Double.infinity
                var next = 0
                for other in stride(from: 1, through: size, by: 1) where !isUsed[other] {
                    let slack =
                        costs[(current - 1) * size + other - 1] - rowPotentials[current]
                        - columnPotentials[other]
                    if slack < slacks[other] {
                        slacks[other] = slack
                        way[other] = column
                    }
                    if slacks[other] < least {
                        least = slacks[other]
                        next = other
                    }
                }
                for other in 0...size {
                    if isUsed[other] {
                        rowPotentials[rowOfColumn[other]] += least
                        columnPotentials[other] -= least
                    } else {
                        slacks[other] -= least
                    }
                }
                column = next
            } while rowOfColumn[column] != 0
            while column != 0 {
                rowOfColumn[column] = rowOfColumn[way[column]]
                column = way[column]
            }
        }
        var pairs = [Int](repeating: 0, count: size)
        for column in stride(from: 1, through: size, by: 1) { pairs[rowOfColumn[column] - 1] = column - 1 }
        return pairs
    }
}
