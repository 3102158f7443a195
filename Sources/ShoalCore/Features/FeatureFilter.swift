/// Which events a feature counts: all its conditions must hold; none means every event.
package struct FeatureFilter: Equatable, Sendable {
    /// One field must equal one of some constants, in type and bytes (`7` is not `"7"`).
    package struct Condition: Hashable, Sendable {
        package var path: String
        package var anyOf: [FieldConstant]

        package init(path: String, anyOf: [FieldConstant]) {
            self.path = path
            self.anyOf = anyOf
        }
    }

    package var conditions: [Condition]

    package init(_ conditions: [Condition] = []) { self.conditions = conditions }

    /// Every event.
    package static var all: FeatureFilter { FeatureFilter() }
}
