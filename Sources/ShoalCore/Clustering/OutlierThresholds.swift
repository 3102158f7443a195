/// The squared distance per segment beyond which a member is an outlier: the 99.5 % quantile of d².
///
/// Exact over the reservoir at seeding, then followed one vector at a time: Yazidi & Hammer, "Multiplicative
/// update methods for incremental quantile estimation", IEEE Trans. Cybernetics 49(3), 2019, algorithm
/// DUMIQE: up by a factor 1 + λq when exceeded, down by 1 − λ(1 − q) when not. It forgets by itself.
struct OutlierThresholds: Equatable, Sendable {
    static let quantile = 0.995
    /// λ: 200 vectors within bounds undo one exceedance, and a fifth of the level takes 4 in a row.
    static let step = 0.05
    /// Below this d² nothing is an outlier, and the estimate can always grow again: 3 % of a σ.
    static let squaredDistanceMin = 1e-3

    /// `[k]`.
    private(set) var values: [Double]

    init(values: [Double]) { self.values = values.map { max($0, Self.squaredDistanceMin) } }

    /// Takes the quantile of each segment's squared distances, by nearest rank.
    init(squaredDistances: [Double], members: [Int], segmentCount: Int) {
        var bySegment = [[Double]](repeating: [], count: segmentCount)
        for (member, distance) in zip(members, squaredDistances) { bySegment[member].append(distance) }
        self.init(
            values: bySegment.map { distances in
                guard !distances.isEmpty else { return 0 }
                let rank = (Self.quantile * Double(distances.count)).rounded(.up)
                return distances.sorted()[min(distances.count, max(1, Int(rank))) - 1]
            })
    }

    /// Moves one segment's threshold by one member's squared distance.
    mutating func absorb(_ squaredDistance: Double, segment: Int) {
        let factor =
            squaredDistance > values[segment]
            ? 1 + Self.step * Self.quantile : 1 - Self.step * (1 - Self.quantile)
        values[segment] = max(values[segment] * factor, Self.squaredDistanceMin)
    }
}
