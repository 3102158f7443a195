internal import ShoalCore

/// Reads one feature: its kind, what the kind needs, and what all features may have.
struct FeatureReader {
    static let kinds = [
        "count", "sum", "mean", "ratio", "share", "since", "gap", "trend", "distinct", "last",
    ]
    /// What only some kinds have.
    private static let particular = ["half_life", "cap", "prior", "prior_weight"]
    private static let common = ["name", "transform", "clip", "weight"]

    let map: MapReader
    let sensitive: SensitiveNames
    private let filters: FilterReader

    init(map: MapReader, sensitive: SensitiveNames) {
        self.map = map
        self.sensitive = sensitive
        filters = FilterReader(sensitive: sensitive)
    }

    /// The kind, or `nil` if there is none, more than one, or something is wrong with it.
    func readKind() -> FeatureDefinition.Kind? {
        let found = Self.kinds.compactMap { name in map.take(name).map { (name: name, setting: $0) } }
        guard found.count == 1, let (name, setting) = found.first else {
            let all = Self.kinds.joined(separator: ", ")
            if found.isEmpty {
                readWithoutKind(all)
            } else {
                let names = found.map(\.name).joined(separator: " and ")
                found[1].setting.fault("a second kind in one feature, \(names)", "make two features of it")
                for name in Self.particular { _ = map.take(name) }
                _ = readCommon()
                map.finish()
            }
            return nil
        }
        let kind = read(name, setting)
        if kind == nil {
            // What else is wrong with the feature is told as well.
            _ = readCommon()
            finishMap(kind: name)
        }
        return kind
    }

    /// The definition, after `readKind` has given its kind.
    func finish(name: String, kind: FeatureDefinition.Kind) -> FeatureDefinition {
        let (transform, clip, weight) = readCommon()
        finishMap(kind: kind.name)
        return FeatureDefinition(name: name, kind: kind, transform: transform, clip: clip, weight: weight)
    }

    private func readWithoutKind(_ all: String) {
        for name in Self.particular { _ = map.take(name) }
        _ = readCommon()
        let hasUnknown = map.hasRest
        map.finish()
        // A mistyped kind has just been told with the nearest known one.
        if !hasUnknown {
            map.log.record(map.origin, key: map.key, "no kind of feature", "write one of \(all)")
        }
    }

    private func finishMap(kind: String) {
        let advice = Self.particular.map { ($0, ("has no meaning for \(kind)", "remove it")) }
        map.finish(misplaced: Dictionary(uniqueKeysWithValues: advice))
    }

    private func readCommon() -> (FeatureDefinition.Transform, ClosedRange<Double>?, Double) {
        let transform = map.take("transform")?.choice(FeatureDefinition.Transform.self) ?? .none
        let clip = map.take("clip").flatMap(readClip)
        let weight = map.take("weight")?.number(in: 0...1e6, example: "weight: 1") ?? 1
        return (transform, clip, weight)
    }

    private func readClip(_ setting: Setting) -> ClosedRange<Double>? {
        let example = "clip: [0, 10]"
        guard let bounds = setting.list(example: example) else { return nil }
        guard bounds.count == 2 else {
            setting.fault("\(bounds.count) bounds", "write two, as \(example)")
            return nil
        }
        guard let low = bounds[0].number(in: -1e12...1e12, example: "0"),
            let high = bounds[1].number(in: -1e12...1e12, example: "10")
        else { return nil }
        guard low <= high else {
            let remedy =
                "write the lower bound first, as clip: [\(NumberText.short(high)), \(NumberText.short(low))]"
            setting.fault("the lower bound is above the upper one", remedy)
            return nil
        }
        return low...high
    }

    private func read(_ name: String, _ setting: Setting) -> FeatureDefinition.Kind? {
        switch name {
        case "count": return readCount(setting)
        case "sum", "mean": return readAmount(name, setting)
        case "ratio", "share": return readProportion(name, setting)
        case "since": return readSince(setting)
        case "gap": return readGap(setting)
        case "trend": return readTrend(setting)
        default: return readValue(name, setting)
        }
    }

    private func readCount(_ setting: Setting) -> FeatureDefinition.Kind? {
        let filter = filters.read(setting)
        guard let halfLife = readHalfLife(), let filter else { return nil }
        return .count(filter, halfLife: halfLife)
    }

    private func readGap(_ setting: Setting) -> FeatureDefinition.Kind? {
        let filter = filters.read(setting)
        guard let halfLife = readHalfLife(), let filter else { return nil }
        return .gap(filter, halfLife: halfLife)
    }

    private func readSince(_ setting: Setting) -> FeatureDefinition.Kind? {
        let filter = filters.read(setting)
        let cap = readDuration(map.require("cap", example: "cap: 180d"), example: "cap: 180d")
        guard let filter, let cap else { return nil }
        return .since(filter, cap: cap)
    }

    private func readAmount(_ name: String, _ setting: Setting) -> FeatureDefinition.Kind? {
        let example = "\(name): {of: amount, type: purchase}"
        guard let inner = setting.map(example: example) else {
            _ = readHalfLife()
            return nil
        }
        let field = readField(inner, example: "of: amount")
        let minus = name == "sum" ? inner.take("minus")?.names(example: "minus: return") ?? [] : []
        let filter = filters.read(rest: inner)
        guard let halfLife = readHalfLife(), let field, let filter else { return nil }
        return name == "sum"
            ? .sum(of: field, filter, minus: minus, halfLife: halfLife)
            : .mean(of: field, filter, halfLife: halfLife)
    }

    private func readProportion(_ name: String, _ setting: Setting) -> FeatureDefinition.Kind? {
        let isShare = name == "share"
        let example =
            isShare
            ? "share: {of: {channel: store}}" : "ratio: {of: {type: purchase}, to: {type: product_view}}"
        guard let inner = setting.map(example: example) else {
            _ = readHalfLife()
            return nil
        }
        let counted = inner.require("of", example: "of: {type: purchase}").flatMap(filters.read)
        let base: FeatureFilter?
        if isShare {
            let among = inner.take("among")
            base = among == nil ? .all : among.flatMap(filters.read)
        } else {
            base = inner.require("to", example: "to: {type: product_view}").flatMap(filters.read)
        }
        let prior = readPrior(inner, isShare: isShare)
        inner.finish(misplaced: [
            "half_life": ("belongs beside \(name), not into it", "move it one level out")
        ])
        guard let halfLife = readHalfLife(), let counted, let base, let (value, weight) = prior else {
            return nil
        }
        return isShare
            ? .share(of: counted, among: base, halfLife: halfLife, prior: value, priorWeight: weight)
            : .ratio(of: counted, to: base, halfLife: halfLife, prior: value, priorWeight: weight)
    }

    /// `prior` and `prior_weight` stand beside the kind or inside it.
    private func readPrior(_ inner: MapReader, isShare: Bool) -> (FeatureDefinition.Prior, Double)? {
        let priors = [map.take("prior"), inner.take("prior")].compactMap { $0 }
        let weights = [map.take("prior_weight"), inner.take("prior_weight")].compactMap { $0 }
        for repeated in [priors, weights] where repeated.count == 2 {
            repeated[1].fault("given twice", "keep one of the two")
        }
        var prior = FeatureDefinition.Prior.value(0)
        if let setting = priors.first {
            if case .scalar("population", _) = setting.node.content {
                prior = .population
            } else {
                let example = "prior: population, or a number as prior: 0.1"
                guard let value = setting.number(in: 0...(isShare ? 1 : 1e6), example: example) else {
                    return nil
                }
                prior = .value(value)
            }
        }
        guard let setting = weights.first else { return (prior, 1) }
        // Without weight, a customer without evidence would be 0/0.
        guard let weight = setting.number(in: 1e-6...1e6, example: "prior_weight: 1") else { return nil }
        return (prior, weight)
    }

    private func readTrend(_ setting: Setting) -> FeatureDefinition.Kind? {
        let example = "trend: {of: {type: product_view}, short: 2d, long: 14d}"
        guard let inner = setting.map(example: example) else { return nil }
        let filter = inner.require("of", example: "of: {type: product_view}").flatMap(filters.read)
        let short = readDuration(inner.require("short", example: "short: 2d"), example: "short: 2d")
        let longSetting = inner.require("long", example: "long: 14d")
        let long = readDuration(longSetting, example: "long: 14d")
        inner.finish(misplaced: ["half_life": ("has no meaning for trend", "write short: and long:")])
        guard let filter, let short, let long else { return nil }
        guard short < long else {
            let shortText = Quantity.durationText(short)
            longSetting?.fault(
                "\(Quantity.durationText(long)) is not longer than short, \(shortText)",
                "write a long half-life above \(shortText)")
            return nil
        }
        return .trend(of: filter, short: short, long: long)
    }

    private func readValue(_ name: String, _ setting: Setting) -> FeatureDefinition.Kind? {
        let field = name == "last" ? "properties.nps" : "product_id"
        guard let inner = setting.map(example: "\(name): {of: \(field)}") else { return nil }
        let path = readField(inner, example: "of: \(field)")
        let filter = filters.read(rest: inner)
        guard let path, let filter else { return nil }
        return name == "last" ? .last(of: path, filter) : .distinct(of: path, filter)
    }

    private func readField(_ inner: MapReader, example: String) -> String? {
        guard let setting = inner.require("of", example: example) else { return nil }
        return filters.path(setting, example: example)
    }

    private func readHalfLife() -> Int64? {
        readDuration(map.require("half_life", example: "half_life: 30d"), example: "half_life: 30d")
    }

    private func readDuration(_ setting: Setting?, example: String) -> Int64? {
        setting?.duration(in: 1...ModelSection.durationMax, example: example)
    }
}
