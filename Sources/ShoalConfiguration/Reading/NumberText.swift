/// Writes numbers as people do.
enum NumberText {
    /// Without `.0` where the number is whole.
    static func short(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int64(value))" }
        return "\(value)"
    }
}
