/// How other people's records become canonical events: where each field is, what types are called, what to
/// skip.
package struct SourceMapping: Equatable, Sendable {
    /// The shape of a record.
    package enum Format: Equatable, Sendable {
        case json
        case delimited(Delimited)
    }

    /// Lines of separated columns, quoted as RFC 4180 does, one record a line.
    package struct Delimited: Equatable, Sendable {
        package var separator: UInt8
        /// Column names; `nil` where the first line of a file names them.
        package var columns: [String]?

        package init(separator: UInt8, columns: [String]?) {
            self.separator = separator
            self.columns = columns
        }
    }

    /// How a time is written; text without a zone is UTC.
    package enum TimeFormat: BitwiseCopyable, Equatable, Sendable {
        /// RFC 3339 text, or integral epoch milliseconds.
        case canonical
        case epochSeconds, epochMilliseconds, epochMicroseconds
        /// `2010-12-01 08:26:00` with an optional fraction and an optional ` UTC`, `Z` or offset.
        case dateTime
        /// `2010-12-01` or `20101201`.
        case date
    }

    /// Where one canonical field comes from.
    package struct Field: Equatable, Sendable {
        /// Dotted paths or column names; the first that is present wins.
        package var paths: [String]
        /// Removed from the end of text, as the `.0` of `17850.0`.
        package var stripSuffix: String?

        package init(paths: [String], stripSuffix: String? = nil) {
            self.paths = paths
            self.stripSuffix = stripSuffix
        }
    }

    /// One test on a record's own fields.
    package struct Condition: Equatable, Sendable {
        package enum Test: Equatable, Sendable {
            case anyOf([FieldConstant])
            case prefix(String)
            case present
            case below(Double)
        }

        package var path: String
        package var test: Test
        package var negated: Bool

        package init(path: String, test: Test, negated: Bool = false) {
            self.path = path
            self.test = test
            self.negated = negated
        }
    }

    /// The type that a record gets if a condition holds.
    package struct TypeRule: Equatable, Sendable {
        package var condition: Condition
        package var becomes: String

        package init(condition: Condition, becomes: String) {
            self.condition = condition
            self.becomes = becomes
        }
    }

    /// What happens to a type that the table of types does not name.
    package enum UnknownType: String, BitwiseCopyable, CaseIterable, Sendable { case keep, ignore, reject }

    package var name: String
    /// Topics with such records; in a replay the file's source is chosen by name.
    package var topics: [String]
    /// Whether all events of a customer are on one partition because their records are keyed by customer.
    ///
    /// If not, the records are first given the customer as key, on other partitions.
    package var isKeyed = true
    package var format: Format
    /// Where each canonical field, or `properties.x`, is.
    ///
    /// A field not named here is looked for under its own name.
    ///
    /// `items` is the path of the basket; of several paths the first that is present is read.
    package var fields: [String: Field]
    /// `product_id category quantity price` of a basket's line → where it is inside the line (JSON only).
    package var itemFields: [String: Field]
    package var timeFormat: TimeFormat
    /// Tried in order before the table of types; the first that holds decides.
    package var typeRules: [TypeRule]
    /// Their word → ours; empty: types stay as they are.
    package var types: [String: String]
    package var unknownType: UnknownType
    /// A record for which one of these holds is ignored and counted.
    package var ignoreWhere: [Condition]
    /// Fields that are the same for every record and win over what is in it only where it is absent.
    package var constants: [String: FieldConstant]

    package init(name: String, topics: [String] = [], format: Format = .json) {
        self.name = name
        self.topics = topics
        self.format = format
        fields = [:]
        itemFields = [:]
        timeFormat = .canonical
        typeRules = []
        types = [:]
        unknownType = .keep
        ignoreWhere = []
        constants = [:]
    }

    /// The columns that the mapping names and `columns` lacks; of a field's alternatives one must be there.
    package func absentColumns(in columns: [String]) -> [String] {
        var absent: [String] = []
        for (_, field) in fields.sorted(by: { $0.key < $1.key })
        where !field.paths.contains(where: columns.contains) {
            absent.append(field.paths.joined(separator: " or "))
        }
        for path in (ignoreWhere + typeRules.map(\.condition)).map(\.path)
        where !columns.contains(path) && !absent.contains(path) { absent.append(path) }
        return absent
    }
}
