/// The statistics of all behaviours as thresholds on 32 random bits, to be drawn from without arithmetic.
struct ShopperTables: Sendable {
    /// A list of shares as cumulated thresholds, one row per behaviour.
    struct Choices: Sendable {
        private let width: Int
        private let thresholds: [UInt32]  // [behaviours × width], cumulated; the last choice has none.

        /// - Parameter rows: one per behaviour in order, of equal length, each adding up to 1.
        init(_ rows: [[Double]]) {
            let width = (rows.first?.count ?? 1) - 1
            precondition(rows.allSatisfy { $0.count == width + 1 }, "The rows must be equally long.")
            self.width = width
            thresholds = rows.flatMap { row in
                var sum = 0.0
                return row.dropLast().map { share in
                    sum += share
                    return ShopperTables.threshold(sum)
                }
            }
        }

        func draw(_ behaviour: ShopperBehaviour, using generator: inout Xoshiro256) -> Int {
            let bits = generator.bits32()
            let start = Int(behaviour.rawValue) &* width
            var choice = 0
            for index in start..<(start &+ width) where bits >= thresholds[index] { choice &+= 1 }
            return choice
        }
    }

    let kinds: Choices
    let categories: Choices
    let channels: Choices
    let extraUnits: Choices
    let returns: Choices
    let baskets: Choices
    let priceMeans: [Double]
    let priceDeviations: [Double]
    let workdayActivity: [Double]
    let weekendActivity: [Double]

    init() {
        let all = ShopperBehaviour.allCases.map(\.statistics)
        kinds = Choices(all.map(\.kinds))
        categories = Choices(all.map(\.categories))
        channels = Choices(all.map(\.channels))
        extraUnits = Choices(all.map { Self.poisson($0.extraUnits) })
        returns = Choices(all.map { [1 - $0.returns, $0.returns] })
        baskets = Choices(all.map { [1 - $0.baskets, $0.baskets] })
        priceMeans = all.map(\.logarithmOfPrice.mean)
        priceDeviations = all.map(\.logarithmOfPrice.deviation)
        workdayActivity = all.map(\.activity.workday)
        weekendActivity = all.map(\.activity.weekend)
    }

    /// The bits below which a draw counts as a hit of probability `share`.
    static func threshold(_ share: Double) -> UInt32 {
        UInt32(min(max(share, 0) * 0x1p32, Double(UInt32.max)))
    }

    /// The probabilities of 0 to 8 under a Poisson distribution, the last one taking what is left.
    private static func poisson(_ mean: Double) -> [Double] {
        var term = PortableMath.exponential(-mean)
        var row: [Double] = []
        for count in 1...8 {
            row.append(term)
            term *= mean / Double(count)
        }
        return row + [1 - row.reduce(0, +)]
    }
}
