internal import ShoalCore

/// Reads which events a feature counts.
struct FilterReader {
    private static let example = "{type: purchase}, or {} for every event"

    let sensitive: SensitiveNames

    /// A filter written as a map of fields and what they must equal.
    func read(_ setting: Setting) -> FeatureFilter? {
        guard let map = setting.map(example: Self.example) else { return nil }
        return read(rest: map)
    }

    /// A filter made of all that is left in a map.
    func read(rest map: MapReader) -> FeatureFilter? {
        var conditions: [FeatureFilter.Condition] = []
        let rest = map.takeRest()
        for (path, setting) in rest where isPath(path, setting) {
            sensitive.check(path, of: setting)
            if let constants = constants(setting) {
                conditions.append(FeatureFilter.Condition(path: path, anyOf: constants))
            }
        }
        return conditions.count == rest.count ? FeatureFilter(conditions) : nil
    }

    /// The path of a field, as the value of a setting.
    func path(_ setting: Setting, example: String) -> String? {
        guard let path = setting.name(example: example), isPath(path, setting) else { return nil }
        sensitive.check(path, of: setting)
        return path
    }

    /// One constant or a list of them.
    func constants(_ setting: Setting) -> [FieldConstant]? {
        if case .map = setting.node.content {
            setting.fault(
                "a map where a constant is expected", "write text, a number, true, false or a list of them")
            return nil
        }
        guard let settings = setting.oneOrMore(example: "a constant, or a list as [purchase, return]") else {
            return nil
        }
        let constants = settings.compactMap { $0.constant() }
        return constants.count == settings.count ? constants : nil
    }

    /// A dotted path without empty parts.
    private func isPath(_ path: String, _ setting: Setting) -> Bool {
        let parts = path.split(separator: ".", omittingEmptySubsequences: false)
        guard path.utf8.count <= 256, parts.allSatisfy({ !$0.isEmpty }) else {
            setting.fault("`\(path)` is no path", "write a field's name, as category or properties.nps")
            return false
        }
        return true
    }
}
