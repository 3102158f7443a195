internal import ShoalCore

extension FeatureDefinition {
    /// The filters of this feature.
    var filters: [FeatureFilter] {
        switch kind {
        case .count(let filter, _), .since(let filter, _), .gap(let filter, _): [filter]
        case .sum(_, let filter, _, _), .mean(_, let filter, _): [filter]
        case .trend(let filter, _, _), .distinct(_, let filter), .last(_, let filter): [filter]
        case .ratio(let counted, let base, _, _, _), .share(let counted, let base, _, _, _): [counted, base]
        }
    }

    /// The paths of all fields that this feature reads.
    var paths: [String] {
        let conditions = filters.flatMap(\.conditions).map(\.path)
        switch kind {
        case .sum(let field, _, _, _), .mean(let field, _, _), .distinct(let field, _), .last(let field, _):
            return [field] + conditions
        default:
            return conditions
        }
    }
}

extension FeatureDefinition.Kind {
    /// The kind's name in a configuration.
    var name: String {
        switch self {
        case .count: "count"
        case .sum: "sum"
        case .mean: "mean"
        case .ratio: "ratio"
        case .share: "share"
        case .since: "since"
        case .gap: "gap"
        case .trend: "trend"
        case .distinct: "distinct"
        case .last: "last"
        }
    }
}
