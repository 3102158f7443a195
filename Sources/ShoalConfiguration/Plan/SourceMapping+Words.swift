internal import ShoalCore

extension SourceMapping {
    /// What the source does beyond reading canonical events, a line each.
    var detailRows: [String] {
        var rows: [String] = []
        if case .delimited(let delimited) = format, let columns = delimited.columns {
            rows.append("columns \(columns.joined(separator: ", "))")
        }
        rows += fields.sorted { $0.key < $1.key }.map { name, field in
            let suffix = field.stripSuffix.map { ", without a final \($0)" } ?? ""
            return "\(name) is \(field.paths.joined(separator: " or "))\(suffix)"
        }
        rows += itemFields.sorted { $0.key < $1.key }.map { name, field in
            "\(name) of a basket's line is \(field.paths.joined(separator: " or "))"
        }
        if timeFormat != .canonical { rows.append("time is written as \(timeFormat.words)") }
        rows += typeRules.map { "type is \($0.becomes) if \($0.condition.words)" }
        rows += types.sorted { $0.key < $1.key }.map { "type \($0.key) is \($0.value)" }
        if !types.isEmpty {
            switch unknownType {
            case .keep: rows.append("other types are kept as they are")
            case .ignore: rows.append("other types are ignored and counted")
            case .reject: rows.append("other types are rejected")
            }
        }
        rows += ignoreWhere.map { "ignored if \($0.words)" }
        rows += constants.sorted { $0.key < $1.key }.map {
            "\($0.key) is \($0.value.words) unless the record says"
        }
        return rows
    }
}

extension SourceMapping.Format {
    var words: String {
        switch self {
        case .json: "JSON"
        case .delimited(let delimited):
            (delimited.separator == 9 ? "tab-separated" : "comma-separated")
                + (delimited.columns == nil ? " with a header" : " without a header")
        }
    }
}

extension SourceMapping.TimeFormat {
    fileprivate var words: String {
        switch self {
        case .canonical: "RFC 3339 or epoch milliseconds"
        case .epochSeconds: "epoch seconds"
        case .epochMilliseconds: "epoch milliseconds"
        case .epochMicroseconds: "epoch microseconds"
        case .dateTime: "date and time"
        case .date: "date"
        }
    }
}

extension SourceMapping.Condition {
    fileprivate var words: String {
        switch test {
        case .anyOf(let constants):
            "\(path) is \(negated ? "not " : "")\(constants.map(\.words).joined(separator: " or "))"
        case .prefix(let prefix): "\(path) \(negated ? "does not start" : "starts") with \(prefix)"
        case .present: "\(path) is \(negated ? "absent" : "present")"
        case .below(let bound): "\(path) is \(negated ? "not " : "")below \(NumberText.short(bound))"
        }
    }
}
