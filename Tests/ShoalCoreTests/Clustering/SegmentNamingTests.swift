import ShoalCore
import ShoalTestSupport
import Testing

@Suite struct SegmentNamingTests {
    private static let day: Int64 = 86_400_000

    private static func filter(_ path: String, _ value: String) -> FeatureFilter {
        FeatureFilter([FeatureFilter.Condition(path: path, anyOf: [.text(value)])])
    }

    private static let shop: [FeatureDefinition] = [
        FeatureDefinition(name: "purchases", kind: .count(filter("type", "purchase"), halfLife: day)),
        FeatureDefinition(name: "views", kind: .count(filter("type", "product_view"), halfLife: day)),
        FeatureDefinition(
            name: "spend",
            kind: .sum(of: "amount", filter("type", "purchase"), minus: ["return"], halfLife: day)),
        FeatureDefinition(
            name: "store_share",
            kind: .share(
                of: filter("channel", "store"), among: .all, halfLife: day, prior: .value(0), priorWeight: 1)),
        FeatureDefinition(name: "recency", kind: .since(filter("type", "purchase"), cap: day)),
        FeatureDefinition(
            name: "cart_rate",
            kind: .ratio(
                of: filter("type", "add_to_cart"), to: filter("type", "product_view"), halfLife: day,
                prior: .population, priorWeight: 1)),
        FeatureDefinition(
            name: "toy_share",
            kind: .share(
                of: filter("category", "toys"), among: .all, halfLife: day, prior: .value(0), priorWeight: 1)),
    ]

    /// A model of the shop with given effects, at mean 0.4 and σ 0.2 of every feature.
    private func model(
        _ effects: [[Double]], features: [FeatureDefinition] = Self.shop, weights: [Double]? = nil
    ) -> SegmentModel {
        SegmentModel(
            version: 1, generation: 1, planHash: 7, featureNames: features.map(\.name),
            segments: effects.indices.map {
                SegmentModel.Segment(id: $0 + 1, name: "", share: 0.1, outlierSquaredDistance: 1)
            },
            centroids: effects.flatMap { $0.map { 0.4 + 0.2 * $0 } },
            masses: effects.map { _ in 1 }, scales: features.map { _ in 0.2 },
            means: features.map { _ in 0.4 },
            weights: weights ?? features.map { _ in 1 }, priors: features.map { _ in 0 },
            nextSegmentID: effects.count + 1, trainedAtMilliseconds: 0)
    }

    private func name(_ effects: [Double]) -> String {
        SegmentNaming.names(for: model([effects]), features: Self.shop)[0]
    }

    @Test func `a name tells the most distinctive features, most first`() {
        #expect(name([0, 0, 3, 2, 1.5, 0.4, 0.1]) == "big spenders · in store · lapsing")
        #expect(name([0, 0, 0, 0, -1, 1.2, 0]) == "cart fillers · recent buyers")
        #expect(name([0, 0, 0, 0, 0, 0.6, 2]) == "toy lovers · cart fillers")
    }

    @Test func `a third word needs a large effect, and small effects say nothing`() {
        #expect(name([0, 0, 3, 2, 0.7, 0, 0]) == "big spenders · in store")
        #expect(name([0.4, -0.4, 0.3, 0, 0, 0, 0]) == "average shoppers")
    }

    @Test func `much looking and little buying is window shopping`() {
        #expect(name([-0.9, 2, 0, 0, 0, 0, 0]) == "window shoppers · infrequent buyers")
        #expect(name([0, 2, 0, 0, 0, 0, 0]) == "keen browsers")
    }

    @Test func `an absolute word is used only where the typical value bears it out`() {
        #expect(name([0, 0, 0, 0.6, 0, 0, 0]) == "in store")
        #expect(name([0, 0, 0, -1, 0, 0, 0]) == "less often in store")
        #expect(name([0, 0, 0, -1.6, 0, 0, 0]) == "hardly ever in store")
        #expect(name([0, 0, 0, -2, 0, 0, 0]) == "not in store")
        #expect(name([0, 0, 0, 0, 0, 0, -1.6]) == "hardly any toys")
        #expect(name([0, 0, 0, 0, 0, 0, -2]) == "no toys")
    }

    @Test func `a feature without weight or without variance gives no word`() {
        var weightless = model([[0, 0, 3, 0, 0, 2, 0]], weights: [1, 1, 0, 1, 1, 1, 1])
        #expect(SegmentNaming.names(for: weightless, features: Self.shop) == ["cart fillers"])
        weightless.scales[5] = 1e-9
        #expect(SegmentNaming.names(for: weightless, features: Self.shop) == ["average shoppers"])
    }

    @Test func `a definition's own words come first, and only for the ends it names`() {
        var features = Self.shop
        features[2].words = FeatureDefinition.Words(high: "whales", low: nil)
        let names = SegmentNaming.names(
            for: model([[0, 0, 3, 0, 0, 0, 0], [0, 0, -3, 0, 0, 1, 0]]), features: features)
        #expect(names == ["whales", "cart fillers"])
    }

    @Test func `no two segments share a name: a further feature tells them apart, a number at last`() {
        let names = SegmentNaming.names(
            for: model([
                [0, 0, 3, 0, 0, 0, 0], [0, 0, 3, 0, 0, 0.3, 0], [0, 0, 3, 0, 0, 0, 0],
                [0, 0, 3, 0, 0, 0.3, 0],
            ]),
            features: Self.shop)
        #expect(names == ["big spenders", "big spenders · cart fillers", "big spenders 2", "big spenders 3"])
    }

    @Test func `a name that a person gave is kept, and nobody else gets it`() {
        var model = model([[0, 0, 3, 0, 0, 0, 0], [0, 0, -3, 0, 0, 0, 0]])
        model.segments[1].name = "big spenders"
        model.segments[1].isRenamed = true
        #expect(SegmentNaming.names(for: model, features: Self.shop) == ["big spenders 2", "big spenders"])
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func `whatever the centroids, names differ and are true of the numbers`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let effects = (0..<12).map { _ in Self.shop.map { _ in (generator.nextUnit() - 0.5) * 4 } }
        let names = SegmentNaming.names(for: model(effects), features: Self.shop)
        #expect(Set(names).count == 12, "seed \(seed)")
        // The word, the feature it speaks of, and the direction it claims.
        let claims: [(String, Int, Double)] = [
            ("big spenders", 2, 1), ("small spenders", 2, -1), ("frequent buyers", 0, 1),
            ("infrequent buyers", 0, -1), ("keen browsers", 1, 1), ("light browsers", 1, -1),
            ("lapsing", 4, 1),
            ("recent buyers", 4, -1), ("cart fillers", 5, 1), ("cart avoiders", 5, -1), ("toy lovers", 6, 1),
            ("less into toys", 6, -1), ("hardly any toys", 6, -1), ("no toys", 6, -1), ("in store", 3, 1),
            ("not in store", 3, -1), ("hardly ever in store", 3, -1), ("less often in store", 3, -1),
        ]
        for (index, name) in names.enumerated() {
            let words = name.split(separator: " · ").map(String.init)
            for (word, axis, sign) in claims where words.contains(word) {
                #expect(
                    effects[index][axis] * sign >= SegmentNaming.tellingEffectMin, "seed \(seed): \(name)")
            }
        }
    }

    @Test func `every kind of feature has a word for both ends`() {
        let purchase = Self.filter("type", "purchase")
        let kinds: [FeatureDefinition.Kind] = [
            .count(.all, halfLife: 1), .count(Self.filter("type", "quiz"), halfLife: 1),
            .sum(of: "points", .all, minus: [], halfLife: 1), .mean(of: "amount", purchase, halfLife: 1),
            .ratio(of: Self.filter("type", "quiz"), to: .all, halfLife: 1, prior: .value(0), priorWeight: 1),
            .share(
                of: Self.filter("coupon", "X1"), among: .all, halfLife: 1, prior: .value(0), priorWeight: 1),
            .since(.all, cap: 1), .gap(purchase, halfLife: 1), .trend(of: purchase, short: 1, long: 2),
            .distinct(of: "category", .all), .last(of: "properties.nps", .all),
        ]
        let features = kinds.enumerated().map { FeatureDefinition(name: "feature_\($0)", kind: $1) }
        let high = (0..<kinds.count).map { own in kinds.indices.map { $0 == own ? 2.0 : 0 } }
        // No interval at all is no short one.
        let low = high.enumerated().filter { kinds[$0.offset] != .gap(purchase, halfLife: 1) }
            .map { $0.element.map { -$0 } }
        let names = SegmentNaming.names(for: model(high + low, features: features), features: features)
        #expect(Set(names).count == 2 * kinds.count - 1)
        #expect(!names.contains("average shoppers"))
        #expect(names.contains("big baskets"))
        #expect(names.contains("buying at long intervals"))
        #expect(names.contains("few categories"))
    }
}
