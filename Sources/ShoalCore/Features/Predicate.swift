/// One distinct filter of a plan, after everything that implies it has been merged.
struct Predicate: Hashable {
    /// All must hold; two on the same path must both hold.
    var conditions: [FeatureFilter.Condition]
    /// Types for which it does not hold whatever the conditions say: those a `sum` subtracts.
    var excludedTypes: [String]

    init(_ filter: FeatureFilter, and other: FeatureFilter = .all, excludedTypes: [String] = []) {
        conditions = (filter.conditions + other.conditions).sorted { $0.path < $1.path }
        self.excludedTypes = excludedTypes.sorted()
    }

    /// The same filter for some types instead of its own.
    init(_ filter: FeatureFilter, forTypes types: [String]) {
        let others = filter.conditions.filter { $0.path != EventSchema.WellKnown.type.name }
        let type = FeatureFilter.Condition(
            path: EventSchema.WellKnown.type.name, anyOf: types.map(FieldConstant.text))
        self.init(FeatureFilter(others + [type]))
    }

    /// Whether the predicate allows `value` (`nil`: any other) in the field at `path`.
    func allows(_ value: FieldConstant?, at path: String) -> Bool {
        if path == EventSchema.WellKnown.type.name, case .text(let type) = value, excludedTypes.contains(type)
        {
            return false
        }
        return conditions.allSatisfy { condition in
            condition.path != path || value.map(condition.anyOf.contains) ?? false
        }
    }

    var paths: Set<String> {
        var paths = Set(conditions.map(\.path))
        if !excludedTypes.isEmpty { paths.insert(EventSchema.WellKnown.type.name) }
        return paths
    }

    /// Whether a basket's items can decide it.
    var concernsItems: Bool {
        conditions.contains { condition in
            condition.path == EventSchema.WellKnown.category.name
                || condition.path == EventSchema.WellKnown.productID.name
        }
    }
}
