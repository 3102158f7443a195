extension ModelSettings {
    /// The settings by their names in a configuration, as a model keeps them for whoever reads it later.
    package var words: [String: String] {
        let count =
            switch clusterCount {
            case .automatic: "auto"
            case .fixed(let count): "\(count)"
            }
        return [
            "k": count, "k_max": "\(clusterCountMax)", "warmup": "\(warmup)",
            "reservoir": "\(reservoirSize)", "half_life": Self.durationText(halfLife), "margin": "\(margin)",
            "min_events": "\(minEvents)", "certainty": "\(certainty)",
            "confirm": "\(confirm)", "min_dwell": Self.durationText(minDwell), "min_share": "\(minShare)",
            "sweep_interval": Self.durationText(sweepInterval), "on_drift": driftResponse.rawValue,
            "seed": "\(seed)",
        ]
    }

    /// Milliseconds with the largest unit that divides them: `14d`, `1500ms`, `0s`.
    private static func durationText(_ milliseconds: Int64) -> String {
        let units: [(size: Int64, name: String)] = [
            (86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"),
        ]
        guard milliseconds != 0 else { return "0s" }
        for unit in units where milliseconds % unit.size == 0 {
            return "\(milliseconds / unit.size)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}
