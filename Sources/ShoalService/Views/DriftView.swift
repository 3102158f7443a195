/// Drift as the alerts' topic tells it.
enum DriftView {
    private static let recentMax = 100

    /// - Parameter alerts: records of the topic, oldest first.
    /// - Returns: those that are not resolved, by the newest record of each, and the newest records.
    static func json(_ alerts: [[UInt8]]) -> [UInt8] {
        var newest: [String: (index: Int, json: [UInt8], isResolved: Bool)] = [:]
        for (index, json) in alerts.enumerated() {
            guard let head = AlertHead(json) else { continue }
            newest[head.id] = (index, json, head.isResolved)
        }
        let active = newest.values.filter { !$0.isResolved }.sorted { $0.index > $1.index }
        var writer = JSONWriter()
        writer.object { writer in
            writer.key("active")
            writer.array(active) { $0.raw($1.json) }
            writer.key("recent")
            writer.array(alerts.suffix(recentMax).reversed()) { $0.raw($1) }
        }
        return writer.bytes
    }
}
