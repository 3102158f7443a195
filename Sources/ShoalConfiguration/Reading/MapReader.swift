/// Reads the settings of one map by name; what nobody asked for is a fault.
final class MapReader {
    let origin: SettingOrigin
    let key: String
    let pattern: String
    let log: FaultLog
    private var entries: [SettingNode.Entry]
    private var known: [String] = []

    init(entries: [SettingNode.Entry], origin: SettingOrigin, key: String, pattern: String, log: FaultLog) {
        self.entries = entries
        self.origin = origin
        self.key = key
        self.pattern = pattern
        self.log = log
    }

    /// The setting called `name`, or `nil` if it is not there.
    func take(_ name: String) -> Setting? {
        known.append(name)
        log.asked(for: join(pattern, name))
        return remove(name)
    }

    /// The section called `name`; absent and empty are `nil`, what is no map is a fault.
    func takeSection(_ name: String) -> MapReader? {
        guard let setting = take(name), !setting.node.isNull else { return nil }
        return setting.map(example: "a map under \(name):")
    }

    /// The setting called `name`; a fault if it is not there.
    func require(_ name: String, example: String) -> Setting? {
        let setting = take(name)
        if setting == nil { missing(name, example: example) }
        return setting
    }

    /// Records that `name` is not there.
    func missing(_ name: String, example: String) {
        log.record(origin, key: join(key, name), "missing", "write \(example)")
    }

    /// All settings that were not asked for by name, for maps whose keys are the user's own words.
    func takeRest() -> [(name: String, setting: Setting)] {
        let rest = entries.map { entry in
            let setting = Setting(
                node: entry.value, key: join(key, entry.key), pattern: join(pattern, "*"), log: log)
            return (name: entry.key, setting: setting)
        }
        entries = []
        return rest
    }

    /// Something is left that nobody asked for.
    var hasRest: Bool { !entries.isEmpty }

    /// Makes a fault of every setting that nobody asked for.
    ///
    /// - Parameter misplaced: names that mean something elsewhere, and what to do about them here.
    func finish(misplaced: [String: (problem: String, remedy: String)] = [:]) {
        for entry in entries {
            if let advice = misplaced[entry.key] {
                log.record(entry.origin, key: join(key, entry.key), advice.problem, advice.remedy)
                continue
            }
            let nearest = NearestName.find(entry.key, among: known)
            let all = known.joined(separator: ", ")
            log.record(
                entry.origin, key: join(key, entry.key), "unknown setting",
                nearest.map { "write \($0) instead" } ?? "write one of \(all)")
        }
        entries = []
    }

    private func remove(_ name: String) -> Setting? {
        guard let index = entries.firstIndex(where: { $0.key == name }) else { return nil }
        let entry = entries.remove(at: index)
        // A value on a line of its own is told by its key's line, where a person looks for it.
        var node = entry.value
        if case .file = node.origin { node.origin = entry.origin }
        return Setting(node: node, key: join(key, name), pattern: join(pattern, name), log: log)
    }

    private func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
