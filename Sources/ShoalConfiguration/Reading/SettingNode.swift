/// A piece of configuration as it was written: text, a list or a map, and where.
struct SettingNode: Equatable, Sendable {
    enum Content: Equatable, Sendable {
        /// Text as written; `isPlain` if it stands without quotes and may be a number or a truth value.
        case scalar(String, isPlain: Bool)
        case list([SettingNode])
        case map([Entry])
    }

    struct Entry: Equatable, Sendable {
        var key: String
        var origin: SettingOrigin
        var value: SettingNode
    }

    var content: Content
    var origin: SettingOrigin

    /// Nothing was written, or `null` or `~`.
    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What kind of thing was written, for messages.
    var kindWords: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a single value"
        case .list: "a list"
        case .map: "a map"
        }
    }
}
