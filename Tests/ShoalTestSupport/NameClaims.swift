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
        ("very active", "quiet", ["clicks", "activity"]),
        ("cart fillers", "cart avoiders", ["cart_share", "cart_rate"]),
        ("decided buyers", "seldom buying", ["purchase_share", "purchase_rate"]),
        ("mostly buying", "seldom buying", ["buy_through"]),
        ("wish listers", "few wishes", ["favourite_share"]),
        ("searchers", "few searches", ["search_share"]),
        ("keen browsers", "light browsers", ["view_share"]),
        ("many categories", "few categories", ["categories"]),
        ("many brands", "few brands", ["brands"]),
        ("into home", "less home", ["home"]),
        ("into shoes", "less shoes", ["shoes"]),
        ("into computers", "less computers", ["computers"]),
    ]
    /// What is spoken of as a share of all somebody does, and its feature.
    private static let shares = [
        "in store": "store_share", "in the app": "app_share", "food": "food_share", "shoes": "shoes_share",
        "toys": "toys_share", "home": "home_share", "smartphone": "smartphones", "apple": "apple",
        "samsung": "samsung",
    ]
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
            // Where most have bought but once there is no interval, and that is neither long nor short.
            return model.featureNames.allSatisfy {
                abs(effect($0)) < Self.averageMax || (["gap", "pace"].contains($0) && value($0) < 1)
            }
        case "window shoppers":
            return Self.purchases.contains { effect($0) <= -Self.effectMin }
        case "active more than before": return effect("momentum") >= Self.effectMin && value("momentum") > 0
        case "active less than before": return effect("momentum") <= -Self.effectMin && value("momentum") < 0
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
        return Self.shares.contains { thing, feature in holdsAsShare(word, of: thing, feature) }
    }

    private func holdsAsShare(_ word: String, of thing: String, _ feature: String) -> Bool {
        let (effect, share) = (effect(feature), value(feature))
        switch word {
        case "\(thing) lovers", "more \(thing)": return effect >= Self.effectMin
        case "mostly \(thing)", thing: return effect >= Self.effectMin && share >= 0.5
        case "less \(thing)": return effect <= -Self.effectMin
        case "hardly \(thing)", "hardly any \(thing)": return effect <= -Self.effectMin && share <= 0.1
        case "not \(thing)", "no \(thing)": return effect <= -Self.effectMin && share <= 0.02
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
