internal import ShoalCore
internal import ShoalEngine

/// The line that a running daemon logs every ten seconds.
enum RunStatusLine {
    static func text(of status: EngineStatus) -> String {
        guard status.phase == .running else { return status.phase.rawValue }
        let rate = Int(status.recordsPerSecond.rounded())
        var words = [
            "\(TextFormat.count(rate)) events/s", "lag \(TextFormat.count(Int(status.lagRecords)))",
            "\(TextFormat.count(status.customers)) customers",
            "\(TextFormat.count(status.counters.changes)) changes",
        ]
        if status.counters.rejected > 0 {
            words.append("\(TextFormat.count(status.counters.rejected)) rejected")
        }
        if status.lostPlaces > 0 { words.append("\(TextFormat.count(status.lostPlaces)) places lost") }
        words.append(
            status.modelVersion == 0
                ? "no model yet" : "model \(status.modelVersion) of \(status.segments.count) segments")
        return words.joined(separator: ", ")
    }
}
