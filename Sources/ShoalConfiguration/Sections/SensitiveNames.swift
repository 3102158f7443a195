/// Refuses attributes that the law protects, unless a person says why they are used.
struct SensitiveNames {
    static let names: Set<String> = [
        "age", "gender", "sex", "ethnicity", "race", "religion", "health", "disability", "orientation",
        "politics", "union", "nationality",
    ]

    private let isAllowed: Bool
    /// Why they are used; `nil` unless allowed.
    let reason: String?

    /// Reads `allow_sensitive` and `sensitive_reason`.
    init(readFrom map: MapReader) {
        let permission = map.take("allow_sensitive")
        isAllowed = permission?.truth() ?? false
        let written = map.take("sensitive_reason")
        let text = written?.name(example: "sensitive_reason: \"why they are needed\"")
        reason = isAllowed ? text : nil
        if isAllowed, written == nil {
            permission?.fault("needs a reason", "write sensitive_reason: \"why they are needed\" beside it")
        } else if !isAllowed, permission == nil {
            written?.fault("has no effect", "write allow_sensitive: true beside it, or remove it")
        }
    }

    /// Records a fault if `name` or a path has a protected attribute among its words.
    func check(_ name: String, of setting: Setting) {
        guard !isAllowed, let word = Self.sensitiveWord(in: name) else { return }
        setting.fault(
            "`\(word)` is a sensitive attribute",
            "remove it, or write allow_sensitive: true and sensitive_reason: at the top of the file")
    }

    /// The protected word in `properties.customer_age` or `customerAge`, but not in `average`.
    static func sensitiveWord(in name: String) -> String? {
        var word = ""
        var previousIsLower = false
        for character in name + "." {
            let startsWord = character.isUppercase && previousIsLower
            if !character.isLetter || startsWord {
                if names.contains(word.lowercased()) { return word.lowercased() }
                word = ""
            }
            if character.isLetter { word.append(character) }
            previousIsLower = character.isLowercase
        }
        return nil
    }
}
