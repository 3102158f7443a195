package import ShoalCore

/// A plan with every kind, filter shape, transform and option in it.
package enum EveryFeature {
    private static let hour: Int64 = 3_600_000
    private static let day = 24 * hour

    package static func filter(_ conditions: (String, [FieldConstant])...) -> FeatureFilter {
        FeatureFilter(conditions.map { FeatureFilter.Condition(path: $0.0, anyOf: $0.1) })
    }

    package static let purchase = filter(("type", [.text("purchase")]))
    package static let food = filter(("category", [.text("food")]))
    package static let foodOrToys = filter(("category", [.text("food"), .text("toys")]))
    package static let foodP7 = filter(
        ("category", [.text("food")]), ("product_id", [.text("p7"), .text("p8")]))
    package static let storeFood = filter(("channel", [.text("store")]), ("category", [.text("food")]))
    package static let promoters = filter(("properties.nps", [.integer(7), .real(9.5)]))

    package static let counts: [FeatureDefinition] = [
        FeatureDefinition(name: "events", kind: .count(.all, halfLife: 30 * day), transform: .log1p),
        FeatureDefinition(name: "purchases", kind: .count(purchase, halfLife: 30 * day), transform: .sqrt),
        FeatureDefinition(name: "food_events", kind: .count(food, halfLife: 2 * day)),
        FeatureDefinition(name: "food_p7", kind: .count(foodP7, halfLife: 2 * day)),
        FeatureDefinition(name: "store_food", kind: .count(storeFood, halfLife: 9 * day)),
        FeatureDefinition(name: "promoters", kind: .count(promoters, halfLife: 9 * day)),
        FeatureDefinition(
            name: "spend", kind: .sum(of: "amount", purchase, minus: ["return"], halfLife: 30 * day),
            transform: .asinh),
        FeatureDefinition(
            name: "net", kind: .sum(of: "amount", .all, minus: ["return"], halfLife: 30 * day),
            transform: .log1p),
        FeatureDefinition(
            name: "food_spend", kind: .sum(of: "amount", food, minus: ["return"], halfLife: 30 * day)),
        FeatureDefinition(name: "units", kind: .sum(of: "quantity", foodOrToys, minus: [], halfLife: day)),
        FeatureDefinition(name: "nps_sum", kind: .sum(of: "properties.nps", .all, minus: [], halfLife: day)),
        FeatureDefinition(name: "order_value", kind: .mean(of: "amount", purchase, halfLife: 90 * day)),
        FeatureDefinition(name: "food_value", kind: .mean(of: "amount", foodOrToys, halfLife: 9 * day)),
        FeatureDefinition(name: "price", kind: .mean(of: "price", .all, halfLife: 9 * day), clip: 10...120),
    ]

    package static let others: [FeatureDefinition] = [
        FeatureDefinition(
            name: "cart_rate",
            kind: .ratio(
                of: filter(("type", [.text("add_to_cart")])), to: filter(("type", [.text("product_view")])),
                halfLife: 7 * day, prior: .value(0), priorWeight: 1)),
        FeatureDefinition(
            name: "buy_rate",
            kind: .ratio(of: purchase, to: .all, halfLife: 7 * day, prior: .value(0.25), priorWeight: 3)),
        FeatureDefinition(
            name: "store_share",
            kind: .share(
                of: filter(("channel", [.text("store")])), among: .all, halfLife: 30 * day,
                prior: .value(0.5),
                priorWeight: 2)),
        FeatureDefinition(
            name: "food_share",
            kind: .share(
                of: food, among: filter(("type", [.text("purchase"), .text("product_view")])),
                halfLife: 30 * day, prior: .population, priorWeight: 1)),
        FeatureDefinition(name: "recency", kind: .since(purchase, cap: 20 * day), transform: .log1p),
        FeatureDefinition(name: "food_recency", kind: .since(foodP7, cap: 180 * day)),
        FeatureDefinition(name: "gap", kind: .gap(purchase, halfLife: 180 * day), transform: .log1p),
        FeatureDefinition(name: "any_gap", kind: .gap(.all, halfLife: 5 * day)),
        FeatureDefinition(
            name: "momentum",
            kind: .trend(of: filter(("type", [.text("product_view")])), short: 2 * day, long: 14 * day)),
        FeatureDefinition(name: "variety", kind: .distinct(of: "product_id", .all)),
        FeatureDefinition(name: "food_variety", kind: .distinct(of: "product_id", foodOrToys)),
        FeatureDefinition(name: "nps", kind: .last(of: "properties.nps", .all)),
        FeatureDefinition(name: "last_price", kind: .last(of: "price", purchase)),
    ]

    package static var all: [FeatureDefinition] { counts + others }
}
