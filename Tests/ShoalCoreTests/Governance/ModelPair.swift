import ShoalCore
import ShoalTestSupport

/// Hand-made models of a small shop, whose every figure a test can reckon.
enum ModelPair {
    private static let day: Int64 = 86_400_000

    private static func share(_ name: String, _ path: String, _ value: String) -> FeatureDefinition {
        FeatureDefinition(
            name: name,
            kind: .share(
                of: EveryFeature.filter((path, [.text(value)])), among: .all, halfLife: day,
                prior: .population, priorWeight: 4))
    }

    static let features = [
        FeatureDefinition(
            name: "order_value", kind: .mean(of: "amount", EveryFeature.purchase, halfLife: day),
            transform: .log1p),
        FeatureDefinition(
            name: "recency", kind: .since(EveryFeature.purchase, cap: 180 * day), transform: .sqrt,
            weight: 0.5),
        share("store_share", "channel", "store"),
        share("food_share", "category", "food"),
        share("toys_share", "category", "toys"),
    ]

    /// Two segments: s1 in store with dear baskets, s4 elsewhere and average.
    static var first: SegmentModel {
        var model = SegmentModel(
            version: 10, generation: 2, planHash: 99, featureNames: features.map(\.name),
            segments: [
                SegmentModel.Segment(id: 1, name: "in store", share: 0.75, outlierSquaredDistance: 9),
                SegmentModel.Segment(id: 4, name: "average", share: 0.25, outlierSquaredDistance: 9),
            ],
            // In logarithms 101 − 1, in square roots 72 h.
            centroids: [4.615_120_516_841_26, 8.485_281_374_238_57, 0.8, 0.5, 0.2] + [2, 5, 0.2, 0.3, 0.3],
            masses: [300, 100], scales: [1, 2, 0.2, 0.1, 1e-9], means: [2.1, 5.5, 0.3, 0.3, 0.25],
            weights: [1, 0.5, 1, 1, 1], priors: [0, 0, 0.3, 0.3, 0.25], nextSegmentID: 5,
            trainedAtMilliseconds: 1_767_000_000_000)
        model.definitions = features
        model.settings = ModelSettings().words
        return model
    }

    /// What became of it: s4 is gone, s5 is new, s1 has another name and moved.
    static var second: SegmentModel {
        var model = first
        model.version = 12
        model.generation = 3
        model.segments[0].name = "regulars"
        model.segments[0].share = 0.5
        model.segments[1] = SegmentModel.Segment(id: 5, name: "new", share: 0.5, outlierSquaredDistance: 4)
        model.centroids[1] += 4
        model.centroids[2] -= 0.2
        model.scales[0] = 1.5
        model.means[3] = 0.35
        model.nextSegmentID = 6
        model.settings["k"] = "5"
        return model
    }
}
