internal import ShoalCore

/// Reads one source: its shape, where its fields are, what its types are called and what to skip.
struct SourceReader {
    private enum Shape: String, CaseIterable { case json, csv, tsv }
    private enum Preset: String, CaseIterable { case canonical, segment, ga4, snowplow, retailrocket }

    private enum TimeFormat: String, CaseIterable {
        case canonical
        case epochSeconds = "epoch_seconds"
        case epochMilliseconds = "epoch_milliseconds"
        case epochMicroseconds = "epoch_microseconds"
        case dateTime = "date_time"
        case date
    }

    /// Fields of the canonical event that no feature reads.
    private static let identities = ["customer_id", "timestamp", "event_id", "anonymous_id", "items"]
    private static let canonicalFields = identities + EventSchema.WellKnown.allCases.map(\.name)
    private static let columnsMax = 10_000

    let map: MapReader
    let sensitive: SensitiveNames
    /// Paths that features read.
    let featurePaths: Set<String>

    /// The source as its preset has it, with what is given laid over it.
    func read(name: String) -> SourceMapping {
        let preset = map.take("preset")?.choice(Preset.self) ?? .canonical
        var source = SourceMapping.preset(preset.rawValue) ?? .canonical()
        source.name = name
        source.format = readFormat(ofPreset: source.format)
        if let format = map.take("time_format")?.choice(TimeFormat.self) {
            source.timeFormat = Self.core(format)
        }
        for (field, setting) in section("fields") where isField(field, setting) {
            if let mapped = readField(setting) { source.fields[field] = mapped }
        }
        let itemFields = readItemFields(isJSON: source.format == .json)
        source.itemFields.merge(itemFields) { _, given in given }
        for (theirs, setting) in section("types") {
            if let ours = setting.name(example: "\(theirs): product_view") { source.types[theirs] = ours }
        }
        if let unknown = map.take("unknown_types")?.choice(SourceMapping.UnknownType.self) {
            source.unknownType = unknown
        }
        let rules = elements("type_rules", example: "[{when: {invoice: {prefix: C}}, becomes: return}]")
        // What is given goes before what the preset has, as the first rule that holds decides.
        source.typeRules = rules.compactMap(readRule) + source.typeRules
        source.ignoreWhere += elements("ignore", example: "[{price: {below: 0}}]").compactMap(readCondition)
        for (field, setting) in section("constants") where isField(field, setting) {
            if let constant = setting.constant() { source.constants[field] = constant }
        }
        return source
    }

    private func section(_ name: String) -> [(name: String, setting: Setting)] {
        map.takeSection(name)?.takeRest() ?? []
    }

    private func elements(_ name: String, example: String) -> [Setting] {
        guard let setting = map.take(name), !setting.node.isNull else { return [] }
        return setting.list(example: "\(name): \(example)") ?? []
    }

    private static func core(_ format: TimeFormat) -> SourceMapping.TimeFormat {
        switch format {
        case .canonical: .canonical
        case .epochSeconds: .epochSeconds
        case .epochMilliseconds: .epochMilliseconds
        case .epochMicroseconds: .epochMicroseconds
        case .dateTime: .dateTime
        case .date: .date
        }
    }

    private func readFormat(ofPreset preset: SourceMapping.Format) -> SourceMapping.Format {
        let shape = map.take("format")?.choice(Shape.self) ?? (preset == .json ? .json : .csv)
        let header = map.take("header")
        let columns = map.take("columns")
        guard shape != .json else {
            header?.fault("has no meaning for json", "remove it, or write format: csv")
            columns?.fault("has no meaning for json", "remove it, or write format: csv")
            return .json
        }
        let names = columns.flatMap(readColumns)
        let hasHeader = header?.truth() ?? (columns == nil)
        if hasHeader, columns != nil {
            header?.fault("given beside columns", "keep one of the two: a header names the columns itself")
        } else if !hasHeader, columns == nil {
            header?.fault("no header and no columns", "write columns: [customer, time, type]")
        }
        // 44 is a comma, 9 a tab.
        return .delimited(SourceMapping.Delimited(separator: shape == .csv ? 44 : 9, columns: names))
    }

    private func readColumns(_ setting: Setting) -> [String]? {
        let example = "columns: [customer, time, type]"
        guard let settings = setting.list(example: example) else { return nil }
        guard (1...Self.columnsMax).contains(settings.count) else {
            setting.fault("\(settings.count) columns", "write from 1 to \(Self.columnsMax)")
            return nil
        }
        var names: [String] = []
        for element in settings {
            guard let name = element.name(example: example) else { continue }
            if names.contains(name) {
                element.fault("`\(name)` is given twice", "give each column its own name")
            }
            names.append(name)
        }
        return names
    }

    /// A canonical field, one of `properties`, or one that a feature reads.
    private func isField(_ name: String, _ setting: Setting) -> Bool {
        sensitive.check(name, of: setting)
        if Self.canonicalFields.contains(name) || name.hasPrefix("properties.") || featurePaths.contains(name)
        {
            return true
        }
        let nearest = NearestName.find(name, among: Self.canonicalFields)
        setting.fault(
            "no field of an event, and no feature reads it",
            nearest.map { "write \($0) instead" } ?? "write properties.\(name), or remove it")
        return false
    }

    /// Where the fields of a basket's line are, inside the line.
    private func readItemFields(isJSON: Bool) -> [String: SourceMapping.Field] {
        let known = ["product_id", "category", "quantity", "price"]
        var fields: [String: SourceMapping.Field] = [:]
        guard let inner = map.takeSection("item_fields") else { return fields }
        for name in known {
            guard let setting = inner.take(name) else { continue }
            if !isJSON {
                setting.fault("has no meaning for lines of columns", "remove it, or write format: json")
            }
            fields[name] = readField(setting)
        }
        inner.finish()
        return fields
    }

    private func readField(_ setting: Setting) -> SourceMapping.Field? {
        guard case .map = setting.node.content else {
            return readPaths(setting).map { SourceMapping.Field(paths: $0) }
        }
        guard let inner = setting.map(example: "{path: user.id, strip_suffix: .0}") else { return nil }
        let paths = inner.require("path", example: "path: user.id").flatMap(readPaths)
        let suffix = inner.take("strip_suffix")?.name(example: "strip_suffix: .0")
        inner.finish()
        return paths.map { SourceMapping.Field(paths: $0, stripSuffix: suffix) }
    }

    private func readPaths(_ setting: Setting) -> [String]? {
        guard let paths = setting.names(example: "a path as user.id, or a list of paths") else { return nil }
        for path in paths { sensitive.check(path, of: setting) }
        return paths
    }

    private func readRule(_ setting: Setting) -> SourceMapping.TypeRule? {
        guard let inner = setting.map(example: "{when: {invoice: {prefix: C}}, becomes: return}") else {
            return nil
        }
        let condition = inner.require("when", example: "when: {invoice: {prefix: C}}").flatMap(readCondition)
        let type = inner.require("becomes", example: "becomes: return")?.name(example: "becomes: return")
        inner.finish()
        guard let condition, let type else { return nil }
        return SourceMapping.TypeRule(condition: condition, becomes: type)
    }

    private func readCondition(_ setting: Setting) -> SourceMapping.Condition? {
        let example = "one field and its test, as {price: {below: 0}}"
        guard let entries = setting.map(example: example)?.takeRest() else { return nil }
        guard entries.count == 1, let (path, test) = entries.first else {
            setting.fault("\(entries.count) fields in one condition", "write \(example)")
            return nil
        }
        sensitive.check(path, of: test)
        return readTest(test, path: path)
    }

    /// A constant, a list of them, or one of `prefix`, `present`, `below` and `not`.
    private func readTest(_ setting: Setting, path: String) -> SourceMapping.Condition? {
        let constants = FilterReader(sensitive: sensitive)
        guard case .map = setting.node.content else {
            return constants.constants(setting).map { SourceMapping.Condition(path: path, test: .anyOf($0)) }
        }
        guard let inner = setting.map(example: "{prefix: C}") else { return nil }
        let tests = ["prefix", "present", "below", "not"].compactMap { name in
            inner.take(name).map { (name: name, setting: $0) }
        }
        let hasUnknown = inner.hasRest
        inner.finish()
        guard tests.count == 1, let (name, value) = tests.first else {
            if !tests.isEmpty || !hasUnknown {
                setting.fault("\(tests.count) tests of one field", "write one of prefix, present, below, not")
            }
            return nil
        }
        switch name {
        case "prefix":
            return value.name(example: "prefix: C").map { .init(path: path, test: .prefix($0)) }
        case "present":
            return value.truth().map { .init(path: path, test: .present, negated: !$0) }
        case "below":
            return value.number(in: -1e12...1e12, example: "below: 0").map {
                .init(path: path, test: .below($0))
            }
        default:
            guard var condition = readTest(value, path: path) else { return nil }
            condition.negated.toggle()
            return condition
        }
    }
}
