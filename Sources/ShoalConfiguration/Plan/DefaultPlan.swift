package import ShoalCore

/// The features of a configuration that declares none: they suit a shop.
///
/// `Deploy/examples/shop.yaml` spells them out. What people do shows in the mix of what they do, where and on
/// what, so shares weigh most; they are shrunk towards the population, so that a customer of few events looks
/// average instead of extreme. All parts of a whole are there, so that every pair of them is as far apart as
/// any other. Volumes mostly say how active somebody is, and weigh little.
package enum DefaultPlan {
    private static let day: Int64 = 86_400_000
    /// How fast a mix is forgotten: what customers did in the last weeks says what they are now, and one who
    /// changes is known by it after as many days as they had acted differently before, at most.
    private static let mixHalfLife = 7 * day
    /// Events of evidence that a share needs to outweigh the population's.
    private static let priorWeight = 2.0
    /// Events before a mix says more about the customer than about chance: twice what the prior weighs, and
    /// one.
    package static let eventsMin = 5

    package static let features: [FeatureDefinition] = volumes + times + prices + shares

    private static let volumes = [
        FeatureDefinition(
            name: "purchases", kind: .count(type("purchase"), halfLife: 30 * day), transform: .log1p,
            weight: 0.1),
        FeatureDefinition(
            name: "spend",
            kind: .sum(of: "amount", type("purchase"), minus: ["return"], halfLife: 30 * day),
            transform: .log1p, weight: 0.1),
        FeatureDefinition(
            name: "variety", kind: .distinct(of: "product_id", .all), transform: .log1p, weight: 0.1),
    ]

    private static let times = [
        FeatureDefinition(
            name: "recency", kind: .since(type("purchase"), cap: 180 * day), transform: .log1p, weight: 0.1),
        FeatureDefinition(
            name: "momentum", kind: .trend(of: .all, short: 2 * day, long: 14 * day), clip: -3...3,
            weight: 0.1),
    ]

    private static let prices = [
        FeatureDefinition(
            name: "order_value", kind: .mean(of: "amount", type("purchase"), halfLife: 90 * day),
            transform: .log1p, weight: 0.25),
        FeatureDefinition(
            name: "price_level", kind: .mean(of: "price", .all, halfLife: mixHalfLife), transform: .log1p),
    ]

    private static let shares = [
        share("search_share", "type", "search"),
        share("view_share", "type", "product_view"),
        share("cart_share", "type", "add_to_cart"),
        share("purchase_share", "type", "purchase"),
        FeatureDefinition(
            name: "return_rate",
            kind: .ratio(
                of: type("return"), to: type("purchase"), halfLife: 90 * day, prior: .population,
                priorWeight: priorWeight),
            weight: 0.25),
        share("store_share", "channel", "store"),
        share("app_share", "channel", "app"),
        share("food_share", "category", "food"),
        share("shoes_share", "category", "shoes"),
        share("toys_share", "category", "toys"),
        share("home_share", "category", "home"),
    ]

    private static func type(_ name: String) -> FeatureFilter { equal("type", name) }

    private static func equal(_ path: String, _ value: String) -> FeatureFilter {
        FeatureFilter([FeatureFilter.Condition(path: path, anyOf: [.text(value)])])
    }

    private static func share(_ name: String, _ path: String, _ value: String) -> FeatureDefinition {
        FeatureDefinition(
            name: name,
            kind: .share(
                of: equal(path, value), among: .all, halfLife: mixHalfLife, prior: .population,
                priorWeight: priorWeight))
    }
}
