extension DriftAlert {
    /// The alert in a few words, for a log or a table: `warning, raised: feature price_level up by 0.41`.
    package var headline: String {
        let rounded = (size * 100).rounded() / 100
        return
            "\(severity), \(state.rawValue): \(monitor.rawValue) \(subject) \(direction.rawValue) by \(rounded)"
    }
}
