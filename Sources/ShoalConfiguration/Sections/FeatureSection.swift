internal import ShoalCore

/// Reads `features:`.
struct FeatureSection {
    /// More is a mistake: every feature costs time per event and bytes per customer.
    private static let featuresMax = 256

    let sensitive: SensitiveNames

    /// The features in the order in which they are written; the default plan where there are faults.
    func read(_ setting: Setting) -> [FeatureDefinition] {
        let example = "a list, as `- {name: purchases, count: {type: purchase}, half_life: 30d}`"
        guard !setting.node.isNull, let elements = setting.list(example: example) else {
            if setting.node.isNull {
                setting.fault("is empty", "write \(example), or remove it for the default plan")
            }
            return DefaultPlan.features
        }
        guard !elements.isEmpty else {
            setting.fault("is empty", "write \(example), or remove it for the default plan")
            return DefaultPlan.features
        }
        guard elements.count <= Self.featuresMax else {
            setting.fault("\(elements.count) features", "write at most \(Self.featuresMax)")
            return DefaultPlan.features
        }
        var features: [FeatureDefinition] = []
        var seen: [String: SettingOrigin] = [:]
        for element in elements {
            guard let map = element.map(example: "{name: purchases, count: {type: purchase}, half_life: 30d}")
            else { continue }
            let name = readName(map, seen: &seen)
            let reader = FeatureReader(map: map, sensitive: sensitive)
            if let kind = reader.readKind() {
                let feature = reader.finish(name: name ?? "", kind: kind)
                if name != nil { features.append(feature) }
            }
        }
        return features
    }

    private func readName(_ map: MapReader, seen: inout [String: SettingOrigin]) -> String? {
        guard let setting = map.require("name", example: "name: purchases"),
            let name = setting.name(example: "name: purchases")
        else { return nil }
        let isLegal =
            name.utf8.count <= 64 && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
        guard isLegal else {
            setting.fault("`\(name)` is no feature's name", "write at most 64 letters, digits, _ - and .")
            return nil
        }
        if let first = seen[name] {
            setting.fault("`\(name)` is given twice, first at \(first)", "give each feature its own name")
            return nil
        }
        seen[name] = setting.origin
        sensitive.check(name, of: setting)
        return name
    }
}
