package import ShoalCore

/// What the words of a segment's name claim, and whether its numbers bear them out.
///
/// Written down a second time, apart from the engine's own words, and for the plans of the examples only:
/// which word may speak of which feature, and what it says of the segment's value beside the population's. A
/// word that nobody has written down here is not true.
package struct NameClaims {
    /// Words for much and for little of any of these features.
    private static let pairs: [(much: String, little: String, features: Set<String>)] = [
        ("many orders", "few orders", ["orders"]),
        ("big spenders", "small spenders", ["spend"]),
        ("frequent buyers", "infrequent buyers", ["frequency", "purchases"]),
        ("big baskets", "small baskets", ["line_value", "order_value"]),
        ("bulk buyers", "few items at a time", ["pieces"]),
        ("varied tastes", "narrow tastes", ["variety"]),
        ("premium tastes", "low prices", ["price_level"]),
        ("lapsing", "recent buyers", ["recency"]),
        ("frequent returners", "few returns", ["returns", "return_rate"]),
        ("buying at long intervals", "buying at short intervals", ["gap"]),
        ("active at long intervals", "active at short intervals", ["pace"]),
        ("high f0", "low f0", ["f0"]), ("high f1", "low f1", ["f1"]), ("high f2", "low f2", ["f2"]),
        ("high f3", "low f3", ["f3"]), ("high f4", "low f4", ["f4"]), ("high f5", "low f5", ["f5"]),
        ("very active", "quiet", ["clicks", "activity"]),
        ("cart fillers", "cart avoiders", ["cart_share", "cart_rate"]),
        ("decided buyers", "seldom buying", ["purchase_share", "purchase_rate"]),
        ("mostly buying", "seldom buying", ["buy_through"]),
        ("wish listers", "few wishes", ["favourite_share"]),
        ("searchers", "few searches", ["search_share"]),
        ("keen browsers", "light browsers", ["view_share"]),
        ("many categories", "few categories", ["categories"]),
        ("many brands", "few brands", ["brands"]),
        ("into home", "less into home", ["home"]),
        ("into shoes", "less into shoes", ["shoes"]),
        ("into computers", "less into computers", ["computers"]),
    ]
    /// Channels that are spoken of, and their features.
    private static let channels = ["in store": "store_share", "in the app": "app_share"]
    /// Categories, as somebody loves them and as such, and their features.
    private static let categories: [(lover: String, things: String, feature: String)] = [
        ("food", "food", "food_share"), ("shoe", "shoes", "shoes_share"), ("toy", "toys", "toys_share"),
        ("home", "home", "home_share"), ("smartphone", "smartphones", "smartphones"),
    ]
    /// Brands and their features.
    private static let brands = ["apple": "apple", "samsung": "samsung"]
    private static let purchases: Set = [
        "purchases", "frequency", "spend", "purchase_share", "purchase_rate",
    ]
    /// A small effect (Cohen 1988, section 2.2): less is no difference that anybody would see.
    private static let effectMin = 0.2
    /// Beyond a medium effect nobody is average.
    private static let averageMax = 0.5

    private let model: SegmentModel
    private let segment: Int

    /// What is wrong with the names of a model, one line each.
    package static func faults(of model: SegmentModel) -> [String] {
        var faults: [String] = []
        var seen: Set<String> = []
        for (index, segment) in model.segments.enumerated() {
            if !seen.insert(segment.name).inserted { faults.append("there are two of '\(segment.name)'") }
            let claims = NameClaims(model: model, segment: index)
            for word in words(of: segment.name) where !claims.hold(word) {
                faults.append("\(segment.label) '\(segment.name)': '\(word)' is not borne out")
            }
        }
        return faults
    }

    /// Without the number that tells segments apart for which no word does.
    private static func words(of name: String) -> [String] {
        var name = name[...]
        if let blank = name.lastIndex(of: " "), Int(name[blank...].dropFirst()) != nil {
            name = name[..<blank]
        }
        return name.split(separator: " · ").map(String.init)
    }

    private func hold(_ word: String) -> Bool {
        switch word {
        case "average shoppers":
            return model.featureNames.allSatisfy { abs(effect($0)) < Self.averageMax }
        case "not buying again": return effect("gap") <= -Self.effectMin && value("gap") < 1
        case "not active again": return effect("pace") <= -Self.effectMin && value("pace") < 1
        case "window shoppers":
            return Self.purchases.contains { effect($0) <= -Self.effectMin }
        case "more active than before": return effect("momentum") >= Self.effectMin && value("momentum") > 0
        case "less active than before": return effect("momentum") <= -Self.effectMin && value("momentum") < 0
        case "buying more than before": return effect("momentum") >= Self.effectMin && value("momentum") > 0
        case "buying less than before": return effect("momentum") <= -Self.effectMin && value("momentum") < 0
        default: break
        }
        for pair in Self.pairs {
            if word == pair.much, pair.features.contains(where: { effect($0) >= Self.effectMin }) {
                return true
            }
            if word == pair.little, pair.features.contains(where: { effect($0) <= -Self.effectMin }) {
                return true
            }
        }
        return Self.channels.contains { place, feature in
            holdsAsShare(
                word, feature, more: "more often \(place)", most: place, less: "less often \(place)",
                hardly: "hardly ever \(place)", none: "not \(place)")
        }
            || Self.categories.contains { lover, things, feature in
                holdsAsShare(
                    word, feature, more: "\(lover) lovers", most: "mostly \(things)",
                    less: "less into \(things)",
                    hardly: "hardly any \(things)", none: "no \(things)")
            }
            || Self.brands.contains { brand, feature in
                holdsAsShare(
                    word, feature, more: "more of brand \(brand)", most: "mostly of brand \(brand)",
                    less: "less of brand \(brand)", hardly: "hardly anything of brand \(brand)",
                    none: "nothing of brand \(brand)")
            }
    }

    /// Words for a share of all somebody does: more and less than usual, and those that claim an absolute.
    private func holdsAsShare(
        _ word: String, _ feature: String, more: String, most: String, less: String, hardly: String,
        none: String
    ) -> Bool {
        let (effect, share) = (effect(feature), value(feature))
        switch word {
        case more: return effect >= Self.effectMin
        case most: return effect >= Self.effectMin && share >= 0.5
        case less: return effect <= -Self.effectMin
        case hardly: return effect <= -Self.effectMin && share <= 0.1
        case none: return effect <= -Self.effectMin && share <= 0.02
        default: return false
        }
    }

    /// The segment's value in a feature, as it is learned from; NaN if there is no such feature.
    private func value(_ feature: String) -> Double {
        guard let axis = model.featureNames.firstIndex(of: feature) else { return .nan }
        return model.centroids[segment * model.featureNames.count + axis]
    }

    /// By how many standard deviations of the population that is above its mean; NaN for the same reason.
    private func effect(_ feature: String) -> Double {
        guard let axis = model.featureNames.firstIndex(of: feature) else { return .nan }
        return (value(feature) - model.means[axis]) / model.scales[axis]
    }
}
