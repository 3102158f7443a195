/// Finds words for customers with much or little of a feature, from what the feature counts.
///
/// Words compare with the population ("less often in store"); those that claim an absolute ("not in store")
/// are used only where the segment's typical value bears them out.
enum FeatureWords {
    /// A share below this reads as "not".
    static let noShare = 0.02
    /// A share below this reads as "hardly", one above `mostShare` as "is"; between them, as more or less.
    static let hardlyShare = 0.1
    static let mostShare = 0.5
    /// Hours, as such or as log1p, below which most of a segment has no interval at all.
    private static let shortestInterval = 1.0

    /// Finds the word for one end of a feature.
    ///
    /// - Parameters:
    ///   - feature: Whose word.
    ///   - isHigh: Whether much of it is meant, or little.
    ///   - typical: The segment's centroid in this feature, after `transform`.
    /// - Returns: `nil` if the definition gives words, but none for this end.
    static func word(for feature: FeatureDefinition, isHigh: Bool, typical: Double) -> String? {
        if let words = feature.words { return isHigh ? words.high : words.low }
        let name = spoken(feature.name)
        let pair: (high: String, low: String)
        switch feature.kind {
        case .count(let filter, _): pair = counted(filter) ?? ("many \(name)", "few \(name)")
        case .sum(let field, let filter, _, _):
            pair = summed(field, filter) ?? ("high \(name)", "low \(name)")
        case .mean(let field, let filter, _):
            pair = averaged(field, filter) ?? ("high \(name)", "low \(name)")
        case .ratio(let part, let whole, _, _, _):
            pair = ratio(part, whole) ?? ("high \(name)", "low \(name)")
        case .share(let part, _, _, _, _):
            let value = feature.transform == .none ? typical : .nan
            pair = share(part, named: name, typical: value) ?? ("high \(name)", "low \(name)")
        case .since(let filter, _): pair = elapsed(filter)
        case .gap(let filter, _):
            let verb = verb(filter)
            // Without a second time there is no interval, and the mean is near 0.
            let isOnce = feature.transform != .sqrt && typical < shortestInterval
            pair = ("\(verb) at long intervals", isOnce ? "not \(verb) again" : "\(verb) at short intervals")
        case .trend(let filter, _, _):
            let verb = verb(filter)
            // Compared with themselves: of growing segments the slowest still does more than before.
            if feature.transform == .none, isHigh ? typical < 0 : typical > 0 { return nil }
            pair =
                types(filter).isEmpty
                ? ("more \(verb) than before", "less \(verb) than before")
                : ("\(verb) more than before", "\(verb) less than before")
        case .distinct(let field, let filter):
            let things = things(field, filter)
            pair =
                field == "product_id"
                ? ("varied tastes", "narrow tastes") : ("many \(things)", "few \(things)")
        case .last: pair = ("high \(name)", "low \(name)")
        }
        return isHigh ? pair.high : pair.low
    }

    /// Whether a feature grows with the number or worth of purchases.
    static func measuresPurchases(_ feature: FeatureDefinition) -> Bool {
        switch feature.kind {
        case .count(let filter, _): types(filter) == ["purchase"]
        case .sum(of: "amount", let filter, _, _): types(filter) == ["purchase"]
        case .ratio(let part, _, _, _, _), .share(let part, _, _, _, _): types(part) == ["purchase"]
        default: false
        }
    }

    /// Whether a feature grows with the number of views.
    static func measuresViews(_ feature: FeatureDefinition) -> Bool {
        switch feature.kind {
        case .count(let filter, _), .share(let filter, _, _, _, _):
            !types(filter).isEmpty && areViews(types(filter))
        default: false
        }
    }

    private static func counted(_ filter: FeatureFilter) -> (String, String)? {
        let suffix = suffix(filter)
        let types = types(filter)
        guard !types.isEmpty else {
            return filter.conditions.isEmpty
                ? ("very active", "quiet") : suffixed("active", "less active", suffix)
        }
        if areViews(types) { return suffixed("keen browsers", "light browsers", suffix) }
        guard types.count == 1 else { return nil }
        return switch types[0] {
        case "purchase": suffixed("frequent buyers", "infrequent buyers", suffix)
        case "search": suffixed("searchers", "few searches", suffix)
        case "add_to_cart": suffixed("cart fillers", "few cart additions", suffix)
        case "remove_from_cart": suffixed("cart emptiers", "few cart removals", suffix)
        case "checkout": suffixed("frequent checkouts", "few checkouts", suffix)
        case "return": suffixed("frequent returners", "few returns", suffix)
        case "review": suffixed("reviewers", "few reviews", suffix)
        case "email_open": suffixed("email readers", "few emails opened", suffix)
        case "email_click": suffixed("email clickers", "few email clicks", suffix)
        case "support_ticket": suffixed("support seekers", "few support tickets", suffix)
        default: nil
        }
    }

    private static func summed(_ field: String, _ filter: FeatureFilter) -> (String, String)? {
        let suffix = suffix(filter)
        return switch field {
        case "amount": suffixed("big spenders", "small spenders", suffix)
        case "quantity": suffixed("bulk buyers", "few items", suffix)
        default: nil
        }
    }

    private static func averaged(_ field: String, _ filter: FeatureFilter) -> (String, String)? {
        let suffix = suffix(filter)
        return switch field {
        case "amount": suffixed("big baskets", "small baskets", suffix)
        case "price": suffixed("premium tastes", "low prices", suffix)
        case "quantity": suffixed("bulk buyers", "few items at a time", suffix)
        case "sentiment": suffixed("satisfied", "less satisfied", suffix)
        default: nil
        }
    }

    private static func ratio(_ part: FeatureFilter, _ whole: FeatureFilter) -> (String, String)? {
        let parts = types(part)
        guard parts.count == 1, suffix(part).isEmpty, suffix(whole).isEmpty else { return nil }
        let wholes = types(whole)
        return switch parts[0] {
        case "add_to_cart": ("cart fillers", "cart avoiders")
        case "purchase" where areViews(wholes): ("decided buyers", "window shoppers")
        case "purchase" where wholes == ["add_to_cart"]: ("cart finishers", "cart abandoners")
        case "purchase": ("mostly buying", "seldom buying")
        case "return": ("frequent returners", "few returns")
        case "remove_from_cart": ("cart emptiers", "few cart removals")
        case "search": ("searchers", "few searches")
        case "email_click": ("email clickers", "few email clicks")
        default: nil
        }
    }

    private static func share(_ part: FeatureFilter, named name: String, typical: Double) -> (String, String)?
    {
        guard part.conditions.count == 1, let condition = part.conditions.first else { return nil }
        let values = condition.anyOf.map(spoken)
        guard let value = values.first else { return nil }
        guard values.count == 1 else { return ("into \(name)", "less into \(name)") }
        let isMost = typical >= mostShare
        switch condition.path {
        case "channel":
            let place = channelPhrase(value)
            return (
                isMost ? place : "more often \(place)",
                little(typical, "not \(place)", "hardly ever \(place)", "less often \(place)")
            )
        case "category":
            // A feature is often named after all of them: "smartphones" for "smartphone".
            let things = plural(value) == name ? name : value
            return (
                "\(attribute(value)) lovers",
                little(typical, "no \(things)", "hardly any \(things)", "less into \(things)")
            )
        case "type":
            let (high, low) = typeShare(value)
            return (high, low)
        default:
            let of = "of \(spoken(condition.path)) \(value)"
            return (
                isMost ? "mostly \(of)" : "more \(of)",
                little(typical, "nothing \(of)", "hardly anything \(of)", "less \(of)")
            )
        }
    }

    /// What a share is called that is smaller than the population's.
    private static func little(_ typical: Double, _ none: String, _ hardly: String, _ less: String) -> String
    {
        if typical <= noShare { return none }
        return typical <= hardlyShare ? hardly : less
    }

    /// What a number of distinct values counts; the sessions of purchases are orders.
    private static func things(_ field: String, _ filter: FeatureFilter) -> String {
        field == "session_id" && types(filter) == ["purchase"] ? "orders" : plural(field)
    }

    private static func typeShare(_ type: String) -> (String, String) {
        switch type {
        case "purchase": ("decided buyers", "seldom buying")
        case "product view", "page view": ("keen browsers", "light browsers")
        case "search": ("searchers", "few searches")
        case "add to cart": ("cart fillers", "cart avoiders")
        case "remove from cart": ("cart emptiers", "few cart removals")
        case "return": ("frequent returners", "few returns")
        case "favourite", "favorite", "wishlist": ("wish listers", "few wishes")
        case "email open": ("email readers", "few emails opened")
        case "email click": ("email clickers", "few email clicks")
        case "review": ("reviewers", "few reviews")
        case "support ticket": ("support seekers", "few support tickets")
        default: ("many \(plural(type))", "fewer \(plural(type))")
        }
    }

    private static func elapsed(_ filter: FeatureFilter) -> (String, String) {
        let suffix = suffix(filter)
        let types = types(filter)
        if types.isEmpty { return suffixed("gone quiet", "recently active", suffix) }
        if types == ["purchase"] { return suffixed("lapsing", "recent buyers", suffix) }
        let things = types.map { plural(spoken($0)) }.joined(separator: " or ")
        return suffixed("no recent \(things)", "recent \(things)", suffix)
    }

    /// What customers do in the events of a filter, as a verb.
    private static func verb(_ filter: FeatureFilter) -> String {
        let types = types(filter)
        let suffix = suffix(filter)
        if types.isEmpty { return "active" + suffix }
        if areViews(types) { return "browsing" + suffix }
        let names = types.map { type in
            switch type {
            case "purchase": "buying"
            case "search": "searching"
            case "add_to_cart": "filling carts"
            case "return": "returning"
            case "review": "reviewing"
            default: plural(spoken(type))
            }
        }
        return names.joined(separator: " or ") + suffix
    }

    /// The event types a filter asks for; empty if any will do.
    private static func types(_ filter: FeatureFilter) -> [String] {
        filter.conditions.first { $0.path == "type" }?.anyOf.compactMap { constant in
            if case .text(let text) = constant { text } else { nil }
        } ?? []
    }

    private static func areViews(_ types: [String]) -> Bool {
        !types.isEmpty && types.allSatisfy { $0 == "product_view" || $0 == "page_view" }
    }

    /// A filter's conditions other than on `type`, to append: " in store", " (shoes)".
    private static func suffix(_ filter: FeatureFilter) -> String {
        filter.conditions.filter { $0.path != "type" }.map { condition in
            let values = condition.anyOf.map(spoken)
            return condition.path == "channel"
                ? " " + values.map(channelPhrase).joined(separator: " or ")
                : " (\(values.joined(separator: " or ")))"
        }.joined()
    }

    private static func suffixed(_ high: String, _ low: String, _ suffix: String) -> (String, String) {
        (high + suffix, low + suffix)
    }

    private static func channelPhrase(_ channel: String) -> String {
        switch channel {
        case "store", "shop", "pos": "in store"
        case "web", "online", "site", "website": "online"
        case "app", "mobile": "in the app"
        case "phone", "call center": "by phone"
        default: "via \(channel)"
        }
    }

    /// Words that look like plurals and have no singular to put before a noun.
    private static let alwaysPlural: Set = [
        "clothes", "glasses", "goods", "groceries", "jeans", "news", "series", "shorts", "sports", "tools",
    ]

    /// A noun as it stands before another: "toy" lovers, but "electronics" lovers.
    private static func attribute(_ noun: String) -> String {
        guard noun.hasSuffix("s"), !alwaysPlural.contains(noun) else { return noun }
        for ending in ["ss", "us", "is", "ics"] where noun.hasSuffix(ending) { return noun }
        if noun.hasSuffix("ies"), noun.count > 4 { return noun.dropLast(3) + "y" }
        for ending in ["ches", "shes", "sses", "xes"] where noun.hasSuffix(ending) {
            return String(noun.dropLast(2))
        }
        return String(noun.dropLast())
    }

    private static func plural(_ noun: String) -> String {
        let spoken = spoken(noun)
        if spoken == "product id" { return "products" }
        if spoken == "store id" { return "stores" }
        if spoken == "session id" { return "sessions" }
        if spoken.hasSuffix("y"), !spoken.hasSuffix("ay"), !spoken.hasSuffix("ey") {
            return spoken.dropLast() + "ies"
        }
        return spoken.hasSuffix("s") || spoken.hasSuffix("ch") ? spoken + "es" : spoken + "s"
    }

    private static func spoken(_ constant: FieldConstant) -> String {
        switch constant {
        case .text(let text): spoken(text)
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        }
    }

    /// A field's or type's name as people say it: the last part of a path, blanks for underscores.
    private static func spoken(_ name: String) -> String {
        let last = name.split(separator: ".").last.map(String.init) ?? name
        return String(last.map { $0 == "_" ? " " : $0 })
    }
}
