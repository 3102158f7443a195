/// Where one field's constants are in a `PredicateMatcher`.
struct FieldMatcher: Sendable, BitwiseCopyable {
    /// Index of the field in the schema.
    var field: Int
    var firstText: Int
    var textCount: Int
    var firstOther: Int
    var otherCount: Int
    /// Predicates that do not look at this field.
    var unmatched: PredicateMask
}
