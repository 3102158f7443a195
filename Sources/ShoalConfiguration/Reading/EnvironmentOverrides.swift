/// Lays environment variables over the settings of the file.
///
/// `SHOAL_KAFKA__BOOTSTRAP` is `kafka.bootstrap`: two underscores are a dot, letters are lowered. The value
/// is YAML, so a list or a map is written as in the file; under `kafka` it is taken as it stands, and one
/// underscore is a dot as well, since librdkafka's names have dots and no underscores.
struct EnvironmentOverrides {
    static let prefix = "SHOAL_"

    private let log: FaultLog
    private let topLevel: [String]

    /// The tree with all overrides laid over it, in the order of the variables' names.
    ///
    /// A variable without two underscores that names no setting is somebody else's (Kubernetes sets
    /// `SHOAL_PORT` for a service called shoal) and is left alone.
    static func apply(
        _ environment: [String: String], to root: SettingNode, topLevel: [String], log: FaultLog
    ) -> SettingNode {
        let overrides = EnvironmentOverrides(log: log, topLevel: topLevel)
        var root = root
        for (variable, value) in environment.sorted(by: { $0.key < $1.key }) where variable.hasPrefix(prefix)
        {
            overrides.apply(variable, value, to: &root)
        }
        return root
    }

    private func apply(_ variable: String, _ value: String, to root: inout SettingNode) {
        let name = variable.dropFirst(Self.prefix.count).lowercased()
        var path = Self.components(of: name)
        let origin = SettingOrigin.environment(variable: variable)
        guard let section = path.first, topLevel.contains(section) else {
            if path.count > 1 { recordUnknown(path, origin) }
            return
        }
        let node: SettingNode
        if section == "kafka", path.count > 1 {
            path = ["kafka", Self.property(path.dropFirst().joined(separator: "."))]
            node = SettingNode(content: .scalar(value, isPlain: false), origin: origin)
        } else {
            let faultsBefore = log.faults.count
            guard let parsed = SettingDocument.read(value, log: log, origin: { _ in origin }) else {
                if log.faults.count == faultsBefore {
                    log.record(
                        origin, key: path.joined(separator: "."), "is empty", "unset it or give it a value")
                }
                return
            }
            node = parsed
        }
        Self.set(path[...], of: &root, to: node)
    }

    private static func components(of name: String) -> [String] {
        var components: [String] = []
        var rest = Substring(name)
        while let separator = rest.firstRange(of: "__") {
            components.append(String(rest[..<separator.lowerBound]))
            rest = rest[separator.upperBound...]
        }
        components.append(String(rest))
        return components
    }

    /// `sasl_password_file` → `sasl.password_file`.
    private static func property(_ name: String) -> String {
        let suffix = "_file"
        let isFile = name.hasSuffix(suffix)
        let stem = isFile ? String(name.dropLast(suffix.count)) : name
        return stem.replacing("_", with: ".") + (isFile ? suffix : "")
    }

    private func recordUnknown(_ path: [String], _ origin: SettingOrigin) {
        let key = path.joined(separator: ".")
        let nearest = path.first.flatMap { NearestName.find($0, among: topLevel) }
        let all = topLevel.map { Self.prefix + $0.uppercased() }.joined(separator: ", ")
        let remedy = nearest.map { "write \(Self.prefix)\($0.uppercased())__… instead" }
        log.record(origin, key: key, "unknown setting", remedy ?? "start it with one of \(all)")
    }

    private static func set(_ path: ArraySlice<String>, of node: inout SettingNode, to value: SettingNode) {
        guard let name = path.first else {
            node = value
            return
        }
        var entries: [SettingNode.Entry] = []
        if case .map(let existing) = node.content { entries = existing }
        let index = entries.firstIndex { $0.key == name } ?? entries.endIndex
        if index == entries.endIndex {
            let empty = SettingNode(content: .map([]), origin: value.origin)
            entries.append(SettingNode.Entry(key: name, origin: value.origin, value: empty))
        }
        set(path.dropFirst(), of: &entries[index].value, to: value)
        node.content = .map(entries)
    }
}
