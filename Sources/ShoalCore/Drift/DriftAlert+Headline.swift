extension DriftAlert {
    /// The alert in a few words, for a log or a table: `warning, raised: feature price_level up from 31.2 to
    /// 46.9`.
    package var headline: String {
        let what: String
        switch statistic {
        case .born: what = "segment \(subject) born"
        case .retired: what = "segment \(subject) retired"
        case .mergedInto: what = "segment \(subject) merged into \(other ?? "another")"
        case .splitFrom: what = "segment \(subject) split from \(other ?? "another")"
        case .adaptiveWindowSpread, .pageHinkleySpread:
            what = "spread of \(monitor.rawValue) \(subject) \(direction.rawValue) \(moved)"
        default: what = "\(thing) \(direction.rawValue) \(moved)"
        }
        return "\(severity), \(state.rawValue): \(what)"
    }

    /// What is watched, and which one of them if there are several.
    private var thing: String {
        subject == monitor.rawValue ? subject : "\(monitor.rawValue) \(subject)"
    }
}
