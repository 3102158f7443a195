internal import Foundation
internal import ShoalCore
internal import ShoalEngine

/// One line of JSON that sums a run up, for scripts.
struct RunSummary {
    let text: String

    /// - Parameters:
    ///   - status: after the end.
    ///   - activeSeconds: from the first record to the last.
    init(of status: EngineStatus, activeSeconds: Double) {
        let counters = status.counters
        let rate = activeSeconds > 0 ? Double(status.records) / activeSeconds : 0
        text =
            "{\"events\":\(counters.records),\"accepted\":\(counters.accepted),"
            + "\"rejected\":\(counters.rejected),\"duplicates\":\(counters.duplicates),"
            + "\"ignored\":\(counters.ignored),\"customers\":\(status.customers),"
            + "\"changes\":\(counters.changes),\"model_version\":\(status.modelVersion),"
            + "\"seconds\":\(String(format: "%.3f", activeSeconds)),"
            + "\"events_per_second\":\(Int(rate.rounded()))}"
    }
}
